import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../../testing/app.ts'
import { ownPython, useOwnPython } from '../../../../testing/own-python.ts'
import { upload } from '../../../../testing/serving.ts'
import { checkActions } from '../../planning/check.ts'
import { rehearseActions } from '../../planning/rehearse.ts'
import { collectingEndpoint } from '../../../../serving/testing/collecting-endpoint.ts'
import { incidentLab } from '../../testing/incidents.ts'

/** Learns how many rows there are; fails where it is told to. */
const script = `
import os, sys
path = sys.argv[1]
if sys.argv[3] == "yes": sys.exit("no convergence")
files = [path] if os.path.isfile(path) else [os.path.join(path, name) for name in os.listdir(path)]
rows = sum(len(open(file).read().splitlines()) - 1 for file in files)
open(os.path.join(sys.argv[2], "weights.txt"), "w").write(str(rows))
`

describe('retrain', () => {
  let server: TestApp
  let job: Record<string, unknown>
  let flights: Awaited<ReturnType<typeof collectingEndpoint>>
  const t = incidentLab(() => server)
  before(async () => {
    server = await startTestApp()
    useOwnPython(server.home)
    const codeUri = await upload(server, 'LocalUpload/train/src', { 'train.py': script })
    await ok('PUT', `${server.workspace}/codes/train/versions/1`, { properties: { codeUri } })
    flights = await collectingEndpoint(
      { platform: server.app.platform, workspaceId: server.workspace },
      'flights',
      ['blue'],
    )
    await ask('a', 3)
    const literal = (value: string) => ({ job_input_type: 'literal', value })
    job = {
      jobType: 'Pipeline',
      inputs: {
        data: { jobInputType: 'uri_file', uri: '' },
        fail: { jobInputType: 'literal', value: 'no' },
      },
      outputs: {},
      jobs: {
        train: {
          type: 'command',
          component: {
            type: 'command',
            command: 'python train.py ${{inputs.data}} ${{outputs.model}} ${{inputs.fail}}',
            code: `${server.workspace}/codes/train/versions/1`,
            environment: ownPython,
            inputs: { data: { type: 'uri_file' }, fail: { type: 'string' } },
            outputs: { model: { type: 'custom_model' } },
          },
          inputs: { data: literal('${{parent.inputs.data}}'), fail: literal('${{parent.inputs.fail}}') },
          outputs: { model: { type: 'custom_model', asset_name: 'delay' } },
        },
      },
    }
    await ok('PUT', `${server.workspace}/providers/Twinloop/releasePlans/delay`, {
      properties: { model: 'delay', start: 'by_hand', stages: [{ name: 'staging', gates: [] }] },
    })
  })
  after(() => server.end())

  async function ok(method: string, path: string, body?: object) {
    const answer = await server.send(method, path, body)
    assert.ok(answer.status < 300, JSON.stringify(answer.body))
    return answer.body
  }
  const ask = (id: string, rows: number) =>
    flights.write(
      'blue',
      Array.from({ length: rows }, (_, i) => ({
        id: `${id}${i}`,
        at: new Date(Date.now() - 3_600_000 - i),
        inputs: [{ distance: i }],
        truth: { late: i % 2 },
      })),
    )
  const retraining = (more: object = {}) => ({
    kind: 'retrain',
    parameters: { job, inputs: { window: '90d' }, cool_down: '0.001s', ...more },
    afterwards: 'release',
  })
  const rule = (more: object = {}, name = 'worse') =>
    t.rule([retraining(more)], { name, id: `${server.workspace}/providers/Twinloop/alertRules/${name}` })

  test('learns from what was asked lately, and releases what comes of it', async () => {
    const said = await rehearseActions(server.app.platform, {
      workspaceId: server.workspace,
      actor: server.app.platform.identity('alerts'),
      rule: rule(),
      alert: t.alert(),
    })
    assert.match(
      said[0]?.would ?? said[0]?.problem ?? '',
      /^trains by the job of its rule on 3 labelled rows of flights from .*, and releases the version that comes of it$/,
    )
    const incident = await t.fire(rule())
    const done = await t.settled(`${incident}/actions/0-retrain`)
    assert.equal(done.reason, 'trained delay:1 and started release delay/1', JSON.stringify(done))
    const [data, trained, version, release] = done.made ?? []
    assert.match(data ?? '', /\/data\/flights-production\/versions\/1$/)
    assert.match(trained ?? '', /\/jobs\/worse-\d+-0-\w+$/)
    assert.match(version ?? '', /\/models\/delay\/versions\/1$/)
    const { properties } = await ok('GET', release ?? '')
    assert.match(properties.why ?? properties.startedBy.why, /retrained because worse fired/)
    await server.until(release ?? '', ({ state }) => state === 'succeeded')
    await server.until(incident, ({ timeline }) =>
      JSON.stringify(timeline).includes('release delay/1 succeeded'),
    )
    const timeline = await t.timeline(incident)
    assert.match(timeline.join('\n'), /retrain: gathered data: 3 labelled rows[^]*retrain: trains: job worse/)
  })

  test('does not train on what it learnt from already, and does when there is more', async () => {
    const same = await t.settled(`${await t.fire(rule())}/actions/0-retrain`)
    assert.match(same.reason, /^there is nothing new to learn from since 0-retrain of incident \d+/)
    await ask('b', 2)
    const more = await t.settled(`${await t.fire(rule({}, 'other'))}/actions/0-retrain`)
    assert.equal(more.reason, 'trained delay:2 and started release delay/2')
  })

  test('is refused with too few rows, and by a training that fails', async () => {
    const few = { inputs: { data: { window: '90d', of: 'flights', at_least: 1000 } } }
    const refused = await t.settled(`${await t.fire(rule(few))}/actions/0-retrain`)
    assert.match(refused.reason, /^5 labelled rows of flights .* too few to learn from: at least 1,000/)
    const fails = { inputs: { window: '90d', fail: 'yes' } }
    const failed = await t.settled(`${await t.fire(rule(fails))}/actions/0-retrain`)
    assert.match(failed.reason, /^training was failed: job worse-/)
  })

  test('stops after two candidates that were rejected, until one is released', async () => {
    const { resources } = server.app.platform
    const plan = `${server.workspace}/providers/Twinloop/releasePlans/delay`
    for (const number of [1, 2])
      await resources.setStatus(`${plan}/releases/${number}`, { state: 'rolled_back', phase: 'ended' })
    await ask('c', 4)
    const stopped = await t.settled(`${await t.fire(rule())}/actions/0-retrain`)
    assert.match(
      stopped.reason,
      /^the last 2 candidates were not released \(delay\/2 rolled back, delay\/1 rolled back\)/,
    )
    const { name } = await ok('POST', `${plan}/start`, { version: '1' })
    await server.until(`${plan}/releases/${name}`, ({ state }) => state === 'succeeded')
    const done = await t.settled(`${await t.fire(rule())}/actions/0-retrain`)
    assert.match(done.reason, /^trained delay:3 and started release delay\/4/)
  })

  test('mistakes are told when the rule is written', async () => {
    const mistakes = async (parameters: object) =>
      (
        await checkActions({
          platform: server.app.platform,
          actor: server.app.platform.identity('alerts'),
          workspaceId: server.workspace,
          actions: [{ kind: 'retrain', parameters: { job, ...parameters } }],
        })
      ).map(({ message }) => message)
    assert.deepEqual(await mistakes({ inputs: { window: '90d' } }), [])
    assert.match(
      (await mistakes({ inputs: { dta: 'azureml:x@latest' } }))[0] ?? '',
      /inputs.dta: the job has no input 'dta'.*did you mean data/,
    )
    assert.match(
      (await mistakes({ inputs: { data: 'azureml:nothing@latest' } }))[0] ?? '',
      /inputs.data: .*'nothing'/,
    )
    assert.match((await mistakes({ inputs: { data: { window: 'soon' } } }))[0] ?? '', /inputs\.data/)
    assert.match((await mistakes({ job: 'azureml:nothing@latest' }))[0] ?? '', /retrain.job: .*nothing/)
    assert.match((await mistakes({ job: 'schedule:nightly' }))[0] ?? '', /schedule 'nightly'/)
    assert.match(
      (await mistakes({ inputs: { window: '90d' }, plan: 'delays' }))[0] ?? '',
      /no release plan 'delays'/,
    )
  })
})
