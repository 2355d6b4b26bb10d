import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { openLoop } from '../../testing/open-loop.ts'
import { emptyModel, upload } from '../../testing/serving.ts'
import type { ReleaseState } from '../releases/release.ts'

/** Answers as the model's one file says. */
const script = `
import os, time, json, random
def init():
    global how
    folder = os.environ["AZUREML_MODEL_DIR"]
    how = json.load(open(os.path.join(folder, "how.json")))
def run(raw):
    time.sleep(how.get("ms", 1) / 1000)
    if random.random() < how.get("fails", 0): raise ValueError("no")
    return [round(random.gauss(how.get("mean", 100), 10))]
`

const analysis = {
  interval: '2s',
  warm_up: '1s',
  min_requests: 30,
  min_exceedances: 1,
  baseline_requests: 100,
  deadline: '60s',
  checks: { error_rate: { margin: '10%' }, latency: { slow_ms: 40 } },
}
const steps = [
  { mirror: '50%', for: '2s' },
  { weight: '30%', for: '2s' },
]

describe('deliveries under open-loop load', () => {
  let twin: TestApp
  let uri = ''
  let key = ''
  const endpoint = () => `${twin.workspace}/onlineEndpoints/flights`
  const plan = () => `${twin.workspace}/providers/Twinloop/releasePlans/flights`
  const ok = async (method: string, path: string, body?: unknown) => {
    const answer = await twin.send(method, path, body)
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const until = async (number: number, done: (state: ReleaseState) => boolean) =>
    (await twin.until(
      `${plan()}/releases/${number}`,
      (p) => p['state'] !== undefined && done(p as ReleaseState),
    )) as ReleaseState
  const told = (state: ReleaseState) => JSON.stringify([state.reason, state.timeline.slice(-5)])
  const register = async (version: number, how: object) => {
    const files = { ...emptyModel, 'how.json': JSON.stringify(how) }
    const modelUri = await upload(twin, `LocalUpload/v${version}/model`, files)
    await ok('PUT', `${twin.workspace}/models/flights/versions/${version}`, {
      properties: { modelUri, modelType: 'mlflow_model' },
    })
  }
  const traffic = async () => (await ok('GET', endpoint())).properties.traffic as Record<string, number>
  const load = () =>
    openLoop(uri, {
      rate: 80,
      body: '{}',
      headers: (number) => ({
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'x-forwarded-for': `10.0.0.${number % 200}`,
      }),
    })

  before(async () => {
    twin = await startTestApp()
    const codeUri = await upload(twin, 'LocalUpload/score/src', { 'score.py': script })
    await ok('PUT', `${twin.workspace}/codes/score/versions/1`, { properties: { codeUri } })
    await ok('PUT', plan(), {
      properties: {
        model: 'flights',
        stages: [
          {
            name: 'production',
            deliver: {
              online: 'flights',
              deployment: {
                code_configuration: { code: 'azureml:score:1', scoring_script: 'score.py' },
                request_settings: { max_concurrent_requests_per_instance: 100 },
              },
              steps,
              analysis,
              keep: '1h',
            },
          },
        ],
      },
    })
  })
  after(() => twin.end())

  test('the first release has all traffic when it is ready, at an endpoint that is made for it', async () => {
    await register(1, {})
    const state = await until(1, (s) => s.state === 'succeeded' || s.state === 'failed')
    assert.equal(state.state, 'succeeded', told(state))
    assert.deepEqual(await traffic(), { 'flights-1': 100 })
    uri = (await ok('GET', endpoint())).properties.scoringUri
    key = (await ok('POST', `${endpoint()}/listKeys`)).primaryKey
  })

  test('a good version is promoted by its steps, and no request is lost', async () => {
    const flow = load()
    await register(2, {})
    const state = await until(2, (s) => s.endedAt !== undefined || s.state === 'waiting')
    await flow.stop()
    assert.equal(state.state, 'succeeded', told(state))
    assert.equal((await traffic())['flights-2'], 100)
    assert.deepEqual([...new Set(flow.shots.map(({ status }) => status))], [200])
    const served = Object.groupBy(flow.shots, ({ deployment }) => deployment ?? '')
    assert.ok((served['flights-2']?.length ?? 0) > 30 && (served['flights-1']?.length ?? 0) > 100)
    assert.ok((state.stages[0]?.delivery?.looks?.length ?? 0) >= 2)
  })

  const failures: [string, object, RegExp][] = [
    ['raises errors', { fails: 0.5 }, /error_rate|failed/],
    ['is slow', { ms: 60 }, /latency/],
  ]
  for (const [i, [what, how, why]] of failures.entries())
    test(`a version that ${what} is rolled back by itself, and the champion loses no request`, async () => {
      const flow = load()
      await register(3 + i, how)
      const state = await until(3 + i, (s) => s.endedAt !== undefined || s.state === 'waiting')
      await flow.stop()
      assert.equal(state.state, 'failed', told(state))
      assert.match(state.reason, why)
      assert.equal((await traffic())['flights-2'], 100)
      const champion = flow.shots.filter(({ deployment }) => deployment === 'flights-2')
      assert.ok(champion.length > 100)
      assert.deepEqual([...new Set(champion.map(({ status }) => status))], [200])
    })

  test('an earlier release has all traffic again in one write', async () => {
    const began = performance.now()
    const back = await ok('POST', `${plan()}/rollback`, {})
    const took = performance.now() - began
    assert.equal(back.release, 'flights/1')
    assert.equal((await traffic())['flights-1'], 100)
    const answer = await fetch(uri, {
      method: 'POST',
      body: '{}',
      headers: { authorization: `Bearer ${key}` },
    })
    assert.equal(answer.headers.get('azureml-model-deployment'), 'flights-1')
    assert.ok(took < 1000, `it took ${Math.round(took)} ms`)
  })
})
