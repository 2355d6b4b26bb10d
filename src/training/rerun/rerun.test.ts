import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'

let t: TestApp
before(async () => {
  t = await startTestApp()
  useOwnPython(t.home)
})
after(() => t.end())

const jobId = (name: string) => `${t.workspace}/jobs/${name}`
const show = async (name: string) => (await t.send('GET', jobId(name))).body.properties
const rerun = (name: string, body: object = {}) => t.send('POST', `${jobId(name)}/rerun`, body)
const untilEnded = (name: string) =>
  t.until(jobId(name), (p) => ['Completed', 'Failed', 'Canceled'].includes(String(p['status'])))
const literal = (value: string) => ({ job_input_type: 'literal', value })
const folder = { type: 'uri_folder' }

async function component(name: string, spec: object) {
  const id = `${t.workspace}/components/${name}/versions/1`
  // None of them says of itself that it would make the same again.
  const componentSpec = { name, version: '1', environment: ownPython, is_deterministic: false, ...spec }
  const { status, body } = await t.send('PUT', id, { properties: { componentSpec } })
  assert.ok(status <= 201, JSON.stringify(body))
  return body.id as string
}

/** One step makes a random number; another needs `gate` to be open; the last one, in a pipeline within, shows it. */
async function pipeline(gate: string) {
  const make = await component('make', {
    command: 'echo $RANDOM ${{inputs.n}} > ${{outputs.out}}/n',
    inputs: { n: { type: 'string' } },
    outputs: { out: folder },
  })
  const check = await component(`check_${gate}`, {
    command: `test -e ${join(t.home, gate)} && cp \${{inputs.data}}/n \${{outputs.out}}/n`,
    inputs: { data: folder },
    outputs: { out: folder },
  })
  const within = await component(`within_${gate}`, {
    type: 'pipeline',
    inputs: { data: folder },
    jobs: {
      first: { type: 'command', componentId: make, inputs: { n: literal('inner') } },
      second: {
        type: 'command',
        componentId: check,
        inputs: { data: literal('${{parent.inputs.data}}') },
      },
    },
  })
  return {
    jobType: 'Pipeline',
    displayName: 'Two Gates',
    inputs: { seed: { jobInputType: 'literal', value: '1' } },
    jobs: {
      make: { type: 'command', componentId: make, inputs: { n: literal('${{parent.inputs.seed}}') } },
      inner: {
        type: 'pipeline',
        componentId: within,
        inputs: { data: literal('${{parent.jobs.make.outputs.out}}') },
      },
      tell: {
        type: 'command',
        componentId: check,
        inputs: { data: literal('${{parent.jobs.make.outputs.out}}') },
      },
    },
    settings: { continue_on_step_failure: true },
  }
}

describe('a job that is run again', () => {
  it('takes over what has completed, also within its steps, and runs the rest', async () => {
    const body = { properties: { ...(await pipeline('open')), tags: { team: 'a' } } }
    assert.equal((await t.send('PUT', jobId('gated'), body)).status, 201)
    await untilEnded('gated')
    assert.equal((await show('gated')).status, 'Failed')
    await writeFile(join(t.home, 'open'), '')
    const { status, body: made } = await rerun('gated', { startFromFailure: true })
    assert.equal(status, 200, JSON.stringify(made))
    assert.match(made.name, /^two-gates_[\da-f]{10}$/)
    await untilEnded(made.name)
    const done = await show(made.name)
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    assert.deepEqual([done.resumedFrom, done.tags], ['gated', { team: 'a' }])
    const from = async (step: string) => (await show(`${made.name}_${step}`)).reusedFrom
    assert.deepEqual(
      [
        await from('make'),
        await from('inner'),
        await from('inner_first'),
        await from('inner_second'),
        await from('tell'),
      ],
      ['gated_make', undefined, 'gated_inner_first', undefined, undefined],
    )
    assert.equal(
      (await show(`${made.name}_make`)).outputs.out.uri,
      (await show('gated_make')).outputs.out.uri,
      'and hands on the very same result',
    )
    // The whole of it, on the other hand, runs whole.
    const whole = (await rerun('gated', { name: 'gated_whole' })).body
    await untilEnded(whole.name)
    assert.equal((await show('gated_whole_make')).reusedFrom, undefined)
    assert.equal((await show('gated_whole')).resumedFrom, undefined)
  })

  it('runs what is asked otherwise by now, and what comes of that', async () => {
    await rm(join(t.home, 'shut'), { force: true })
    const asked = await pipeline('shut')
    await t.send('PUT', jobId('seeded'), { properties: asked })
    await untilEnded('seeded')
    await writeFile(join(t.home, 'shut'), '')
    const inputs = { seed: { jobInputType: 'literal', value: '2' } }
    await t.send('PUT', jobId('seeded_2'), { properties: { ...asked, inputs, resumedFrom: 'seeded' } })
    await untilEnded('seeded_2')
    assert.equal((await show('seeded_2')).status, 'Completed')
    assert.equal((await show('seeded_2_make')).reusedFrom, undefined)
    assert.equal((await show('seeded_2_inner_first')).reusedFrom, 'seeded_inner_first')
  })

  it('says in words what cannot go on', async () => {
    await writeFile(join(t.home, 'free'), '')
    await t.send('PUT', jobId('fine'), { properties: await pipeline('free') })
    await untilEnded('fine')
    const command = { jobType: 'Command', command: 'true', environmentId: ownPython }
    await t.send('PUT', jobId('lone'), { properties: command })
    const refused = async (name: string, body?: object) => {
      const answer = await rerun(name, body)
      return [answer.status, answer.body.error.message]
    }
    const failing = { startFromFailure: true }
    const [completed, lone, step, taken] = [
      await refused('fine', failing),
      await refused('lone', failing),
      await refused('fine_make'),
      await refused('fine', { name: 'lone' }),
    ]
    assert.match(completed.join(' '), /409 .*is Completed: only one that has failed or was cancelled/)
    assert.match(lone.join(' '), /409 .*no steps of which one failed/)
    assert.match(step.join(' '), /409 .*a step of 'fine'/)
    assert.equal(taken[0], 412)
    const put = async (properties: object) =>
      (await t.send('PUT', jobId('later'), { properties })).body.error.message
    const asked = await pipeline('free')
    assert.match(await put({ ...asked, resumedFrom: 'nobody' }), /no pipeline job 'nobody'/)
    assert.match(await put({ ...asked, resumedFrom: 'lone' }), /no pipeline job 'lone'/)
    assert.match(await put({ ...command, resumedFrom: 'fine' }), /Only a pipeline goes on/)
  })
})
