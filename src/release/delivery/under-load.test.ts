import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { openLoop } from '../../testing/open-loop.ts'
import { ownPython } from '../../testing/own-python.ts'
import { upload } from '../../testing/serving.ts'
import type { ReleaseState } from '../releases/release.ts'
import type { Look } from './analysis/look.ts'
import { deliveredModels } from './testing/delivered-models.ts'

const told = (state: ReleaseState) => JSON.stringify([state.reason, state.timeline.slice(-5)])

describe('deliveries under open-loop load', () => {
  let twin: TestApp
  let models: ReturnType<typeof deliveredModels>
  let uri = ''
  let headers: Readonly<Record<string, string>> = {}
  const load = () =>
    openLoop(uri, {
      rate: 80,
      body: '{}',
      headers: (number) => ({ ...headers, 'x-forwarded-for': `10.0.0.${number % 200}` }),
    })
  const isAtEnd = ({ endedAt }: ReleaseState) => endedAt !== undefined
  const isAtRest = ({ endedAt, state }: ReleaseState) => endedAt !== undefined || state === 'waiting'

  before(async () => {
    twin = await startTestApp()
    models = deliveredModels(twin)
    await models.plan()
  })
  after(() => twin.end())

  test('the first release has all traffic when it is ready, at an endpoint that is made for it', async () => {
    await models.register(1, {})
    const state = await models.until(1, isAtRest)
    assert.equal(state.state, 'succeeded', told(state))
    assert.deepEqual(await models.traffic(), { 'flights-1': 100 })
    ;({ uri, headers } = await models.address())
  })

  test('a good version is promoted by its steps, and no request is lost', async () => {
    const flow = load()
    await models.register(2, {})
    const state = await models.until(2, isAtRest)
    await flow.stop()
    assert.equal(state.state, 'succeeded', told(state))
    assert.equal((await models.traffic())['flights-2'], 100)
    assert.deepEqual([...new Set(flow.shots.map(({ status }) => status))], [200])
    const served = Object.groupBy(flow.shots, ({ deployment }) => deployment ?? '')
    assert.ok((served['flights-2']?.length ?? 0) > 30 && (served['flights-1']?.length ?? 0) > 100)
    const looks = (state.stages[0]?.delivery?.looks ?? []) as unknown as readonly Look[]
    const shadow = looks.findLast(({ mirror }) => mirror !== undefined)
    assert.equal(shadow?.mirror, 50)
    const agreement = shadow?.findings.find(({ check }) => check === 'agreement')
    // Predictions are drawn, so that they agree now and then only; what counts is that pairs were compared.
    assert.ok(agreement?.canary !== null && (agreement?.canary ?? 1) < 0.5, JSON.stringify(agreement))
    assert.ok((shadow?.latency.canary.p50.estimate ?? 0) > 1)
  })

  const failures: [string, object, RegExp][] = [
    ['raises errors', { fails: 0.5 }, /error_rate|failed/],
    ['is slow', { ms: 60 }, /latency/],
  ]
  for (const [i, [what, how, why]] of failures.entries())
    test(`a version that ${what} is rolled back by itself, and the champion loses no request`, async () => {
      const flow = load()
      await models.register(3 + i, how)
      const state = await models.until(3 + i, isAtRest)
      await flow.stop()
      assert.equal(state.state, 'failed', told(state))
      assert.match(state.reason, why)
      assert.equal((await models.traffic())['flights-2'], 100)
      const champion = flow.shots.filter(({ deployment }) => deployment === 'flights-2')
      assert.ok(champion.length > 100)
      assert.deepEqual([...new Set(champion.map(({ status }) => status))], [200])
    })

  test('an earlier release has all traffic again in one write', async () => {
    const began = performance.now()
    const back = await models.ok('POST', `${models.planId}/rollback`, {})
    const took = performance.now() - began
    assert.equal(back.release, 'flights/1')
    assert.equal((await models.traffic())['flights-1'], 100)
    const answer = await fetch(uri, { method: 'POST', body: '{}', headers })
    assert.equal(answer.headers.get('azureml-model-deployment'), 'flights-1')
    assert.ok(took < 1000, `it took ${Math.round(took)} ms`)
  })

  test('a release whose deployment has gone is deployed again, and the traffic follows', async () => {
    await models.ok('DELETE', `${models.endpoint}/deployments/flights-2`)
    const flow = load()
    const back = await models.ok('POST', `${models.planId}/rollback`, { to: 2 })
    assert.match(String(back.happened), /flights-2 has gone, and is made again/)
    await twin.until(
      models.endpoint,
      ({ traffic }) => (traffic as Record<string, number>)['flights-2'] === 100,
    )
    await models.until(2, ({ stages }) => stages[0]?.delivery?.state === 'succeeded')
    await flow.stop()
    assert.deepEqual([...new Set(flow.shots.map(({ status }) => status))], [200])
  })

  test('a plan with both endpoints switches the batch endpoint when online callers have the new version', async () => {
    const nightly = `${twin.workspace}/batchEndpoints/nightly`
    await models.ok('PUT', nightly, { location: 'local', properties: { authMode: 'AADToken' } })
    await models.ok('PUT', `${nightly}/deployments/old`, {
      location: 'local',
      properties: {
        model: { referenceType: 'Id', assetId: 'azureml:flights:1' },
        codeConfiguration: { codeId: 'azureml:score:1', scoringScript: 'score.py' },
        environmentId: ownPython,
      },
    })
    await models.ok('PATCH', nightly, { properties: { defaults: { deploymentName: 'old' } } })
    await models.plan({ batch: 'nightly', steps: [], analysis: {} })
    await models.register(5, {})
    const state = await models.until(5, isAtRest)
    assert.equal(state.state, 'succeeded', told(state))
    assert.deepEqual(await models.traffic(), { 'flights-5': 100 })
    const { defaults } = (await models.ok('GET', nightly)).properties
    assert.equal(defaults.deploymentName, 'flights-5')
    assert.match(told(state), /flights-5 is the default of nightly in place of old, which stays/)
    // What cannot score in bulk meets no caller.
    const data = await upload(twin, 'LocalUpload/d1/some', { 'a.txt': 'a' })
    await models.plan({ batch: 'nightly', steps: [], analysis: { batch_data: data } })
    await models.register(6, { fails: 1 })
    const failed = await models.until(6, isAtRest)
    assert.equal(failed.state, 'failed', told(failed))
    assert.match(failed.reason, /flights-6 does not score the plan's data/)
    assert.deepEqual(await models.traffic(), { 'flights-5': 100 })
  })

  test('people abort a delivery that is held, and promote another', async () => {
    await models.plan({ steps: [{ weight: '30%', for: '1s' }, 'pause', { weight: '60%', for: '1h' }] })
    const flow = load()
    const isHeld = ({ stages }: ReleaseState) => stages[0]?.delivery?.state === 'paused'
    const steer = (number: number, how: string) => models.ok('POST', `${models.releaseId(number)}/${how}`, {})
    await models.register(7, {})
    const held = await models.until(7, isHeld)
    assert.equal(held.reason, 'The plan pauses here until somebody resumes it.')
    assert.deepEqual(await models.traffic(), { 'flights-5': 70, 'flights-7': 30 })
    await steer(7, 'abort')
    assert.equal((await models.until(7, isAtEnd)).state, 'failed')
    assert.deepEqual(await models.traffic(), { 'flights-5': 100 })
    await models.register(8, {})
    await models.until(8, isHeld)
    await steer(8, 'resume')
    await models.until(8, ({ stages }) => stages[0]?.delivery?.step === 2)
    await steer(8, 'promote')
    assert.equal((await models.until(8, isAtEnd)).state, 'succeeded')
    assert.deepEqual(await models.traffic(), { 'flights-8': 100 })
    await flow.stop()
    assert.deepEqual([...new Set(flow.shots.map(({ status }) => status))], [200])
  })
})
