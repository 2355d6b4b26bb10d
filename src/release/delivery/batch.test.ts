import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { upload } from '../../testing/serving.ts'
import type { ReleaseState } from '../releases/release.ts'

/** Scores what its model's one file lets it score. */
const script = `
import os
def init():
    global how
    how = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "how.txt")).read().strip()
def run(mini_batch):
    if how == "fails": raise ValueError("cannot score")
    return [[os.path.basename(path), how] for path in mini_batch]
`

let twin: TestApp
before(async () => {
  twin = await startTestApp()
  useOwnPython(twin.home)
})
after(() => twin.end())

const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await twin.send(method, path, body)
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
const plan = () => `${twin.workspace}/providers/Twinloop/releasePlans/nights`
const release = async (version: number, how: string): Promise<ReleaseState> => {
  const modelUri = await upload(twin, `LocalUpload/v${version}/model`, { 'how.txt': how })
  await ok('PUT', `${twin.workspace}/models/nights/versions/${version}`, {
    properties: { modelType: 'custom_model', modelUri },
  })
  return (await twin.until(
    `${plan()}/releases/${version}`,
    ({ endedAt, state }) => endedAt !== undefined || state === 'waiting',
  )) as ReleaseState
}
const standard = async () =>
  (await ok('GET', `${twin.workspace}/batchEndpoints/nightly`)).properties.defaults.deploymentName as string

test('versions become the default when they have scored the data of the plan, and go back', async () => {
  const codeUri = await upload(twin, 'LocalUpload/score/src', { 'score.py': script })
  await ok('PUT', `${twin.workspace}/codes/score/versions/1`, { properties: { codeUri } })
  const data = await upload(twin, 'LocalUpload/d1/some', { 'a.txt': 'a', 'b.txt': 'b' })
  const deployment = {
    code_configuration: { code: 'azureml:score:1', scoring_script: 'score.py' },
    environment: ownPython,
  }
  const deliver = { batch: 'nightly', deployment, analysis: { batch_data: data } }
  await ok('PUT', plan(), { properties: { model: 'nights', stages: [{ name: 'production', deliver }] } })

  const first = await release(1, 'first')
  assert.equal(first.state, 'succeeded', first.reason)
  assert.equal(await standard(), 'nights-1')
  const failing = await release(2, 'fails')
  assert.equal(failing.state, 'failed')
  assert.match(failing.reason, /nights-2 does not score the plan's data: job release-check-\S+ has failed/)
  assert.equal(await standard(), 'nights-1')
  const third = await release(3, 'third')
  assert.equal(third.state, 'succeeded', third.reason)
  assert.equal(await standard(), 'nights-3')
  await ok('POST', `${plan()}/rollback`, {})
  assert.equal(await standard(), 'nights-1')
})
