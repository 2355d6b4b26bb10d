import assert from 'node:assert/strict'
import type { TestApp } from '../../../testing/app.ts'
import { ownPython, useOwnPython } from '../../../testing/own-python.ts'
import { emptyModel, upload } from '../../../testing/serving.ts'
import type { ReleaseState } from '../../releases/release.ts'

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

/** Of few requests, so that a test need not send many. */
const analysis = {
  interval: '2s',
  warm_up: '1s',
  min_requests: 30,
  min_exceedances: 1,
  baseline_requests: 100,
  deadline: '10m',
  checks: { error_rate: { margin: '10%' }, latency: { slow_ms: 40 } },
}
const steps = [
  { mirror: '50%', for: '2s' },
  { weight: '30%', for: '2s' },
]

/** A plan that delivers versions of `flights` to an endpoint of that name, and versions that behave as they are told. */
export function deliveredModels(twin: TestApp) {
  const endpoint = `${twin.workspace}/onlineEndpoints/flights`
  const plan = `${twin.workspace}/providers/Twinloop/releasePlans/flights`
  const ok = async (method: string, path: string, body?: unknown) => {
    const answer = await twin.send(method, path, body)
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const releaseId = (number: number) => `${plan}/releases/${number}`

  return {
    ok,
    endpoint,
    releaseId,
    planId: plan,
    /** Makes or changes the plan. */
    async plan(changes: Readonly<Record<string, unknown>> = {}): Promise<void> {
      const codeUri = await upload(twin, 'LocalUpload/score/src', { 'score.py': script })
      await ok('PUT', `${twin.workspace}/codes/score/versions/1`, { properties: { codeUri } })
      useOwnPython(twin.home)
      const deployment = {
        environment: ownPython,
        code_configuration: { code: 'azureml:score:1', scoring_script: 'score.py' },
        request_settings: { max_concurrent_requests_per_instance: 100 },
      }
      const deliver = { online: 'flights', deployment, steps, analysis, keep: '1h', ...changes }
      await ok('PUT', plan, {
        properties: { model: 'flights', stages: [{ name: 'production', deliver }] },
      })
    },
    /** Registers a version, of which a release begins. `how`: `ms` a request takes, share that `fails`, `mean` predicted. */
    async register(version: number, how: object): Promise<void> {
      const files = { ...emptyModel, 'how.json': JSON.stringify(how) }
      const modelUri = await upload(twin, `LocalUpload/v${version}/model`, files)
      await ok('PUT', `${twin.workspace}/models/flights/versions/${version}`, {
        properties: { modelUri, modelType: 'mlflow_model' },
      })
    },
    until: async (number: number, done: (state: ReleaseState) => boolean) =>
      (await twin.until(
        releaseId(number),
        (p) => p['state'] !== undefined && done(p as ReleaseState),
      )) as ReleaseState,
    async traffic(): Promise<Readonly<Record<string, number>>> {
      const { traffic } = (await ok('GET', endpoint)).properties as { traffic: Record<string, number> }
      return Object.fromEntries(Object.entries(traffic).filter(([, share]) => share > 0))
    },
    /** Where it is scored, and with what headers. */
    async address() {
      const { scoringUri } = (await ok('GET', endpoint)).properties as { scoringUri: string }
      const { primaryKey } = (await ok('POST', `${endpoint}/listKeys`)) as { primaryKey: string }
      return {
        uri: scoringUri,
        headers: { authorization: `Bearer ${primaryKey}`, 'content-type': 'application/json' },
      }
    },
  }
}
