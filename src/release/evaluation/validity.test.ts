import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { upload } from '../../testing/serving.ts'
import type { GateContext, ReleasedModel } from '../gates/gate.ts'
import { candidateProperty, testSetProperty } from '../predictions/scoring-job.ts'
import { validityOf } from './validity.ts'

describe('whether rows can judge a model', () => {
  let twin: TestApp
  const dataId = (name: string) => `${twin.workspace}/data/${name}/versions/1`

  before(async () => {
    twin = await startTestApp()
    useOwnPython(twin.home)
    for (const name of ['old', 'new']) {
      const dataUri = `${await upload(twin, `LocalUpload/${name}`, { 'rows.csv': `a\n1\n${name === 'old' ? 2 : 3}\n` })}/rows.csv`
      await ok(dataId(name), { dataType: 'uri_file', dataUri })
    }
  })
  after(() => twin.end())

  async function ok(id: string, properties: object) {
    const { status, body } = await twin.send('PUT', id, { properties })
    assert.ok(status < 300, JSON.stringify(body))
  }

  /** A version that a job made of these data, by the names of its inputs. */
  async function made(
    name: string,
    inputs: Readonly<Record<string, string>>,
    tags = {},
  ): Promise<ReleasedModel> {
    const job = childId(twin.workspace, 'jobs', `make-${name}`)
    const uses = Object.entries(inputs).map(([input, data]) => [
      input,
      { jobInputType: 'uri_file', uri: dataId(data) },
    ])
    const read = Object.keys(inputs).map((input) => `\${{inputs.${input}}}`)
    await ok(job, {
      jobType: 'Command',
      command: `cat ${read.join(' ')} > \${{outputs.model}}/weights`,
      environmentId: ownPython,
      inputs: Object.fromEntries(uses),
      outputs: { model: { jobOutputType: 'custom_model' } },
    })
    const ended = await twin.until(job, ({ status }) => status === 'Completed' || status === 'Failed')
    assert.equal(ended['status'], 'Completed', JSON.stringify(ended['error']))
    const id = `${twin.workspace}/models/${name}/versions/1`
    await ok(id, { modelType: 'custom_model', modelUri: `azureml://jobs/make-${name}/outputs/model`, tags })
    return { id, name, version: '1', resource: await twin.app.platform.resources.get(id) }
  }

  const judging = (data: string, candidate: string) =>
    ({
      id: '',
      properties: { properties: { [testSetProperty]: dataId(data), [candidateProperty]: candidate } },
    }) as unknown as Resource
  const asked = (candidate: ReleasedModel, champion?: ReleasedModel) => {
    const { platform } = twin.app
    return {
      platform,
      workspaceId: twin.workspace,
      actor: platform.identity('release'),
      candidate,
      champion,
    } as GateContext
  }

  test('not if it was trained on them, by lineage; if it only read them beside others, that is said', async () => {
    const [clean, trained, both] = [
      await made('clean', { training: 'old' }),
      await made('trained', { data: 'new' }),
      await made('both', { training: 'old', held_out: 'new' }),
    ]
    const rows = judging('new', clean.id)
    assert.deepEqual(await validityOf(asked(clean), rows, undefined), { notes: [] })
    const { invalid } = await validityOf(asked(clean, trained), rows, undefined)
    assert.equal(
      invalid,
      'The champion trained:1 was trained on these very rows, which therefore cannot judge it.',
    )
    const beside = await validityOf(asked(both), rows, undefined)
    assert.deepEqual(beside, {
      notes: ['The candidate both:1 was made by a job that read these rows too: were they for testing only?'],
    })
  })

  test('not if it has seen their time', async () => {
    const late = await made('late', { training: 'old' }, { trained_until: '2026-03-01T12:00:00Z' })
    const rows = judging('new', late.id)
    assert.equal((await validityOf(asked(late), rows, { first: '2026-03-01' })).invalid, undefined)
    const { invalid } = await validityOf(asked(late), rows, { first: '2026-02-01' })
    assert.match(
      invalid ?? '',
      /^The candidate late:1 was trained on data until 2026-03-01, and the rows begin at 2026-02-01/,
    )
  })

  test('less and less, the more candidates they have judged', async () => {
    const clean = await made('judged', { training: 'old' })
    for (let i = 0; i < 21; i++)
      await ok(childId(twin.workspace, 'jobs', `scoring-${i}`), {
        jobType: 'Command',
        command: 'true',
        environmentId: ownPython,
        properties: { [testSetProperty]: dataId('new'), [candidateProperty]: `candidate ${i}` },
      })
    const { notes } = await validityOf(asked(clean), judging('new', clean.id), undefined)
    assert.deepEqual(notes, [
      'These rows have judged 21 candidates: the best of many fits them by chance. Take others before it is 50.',
    ])
  })
})
