import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { putVersion } from '../../../data/contracts/testing/csv-version.ts'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { ownPython, useOwnPython } from '../../../testing/own-python.ts'
import { emptyModel, upload, uploadFolder } from '../../../testing/serving.ts'
import { pythonWith } from '../../../testing/test-cache.ts'
import { specificationOf } from '../../../training/environments/specification.ts'
import type { ReleasedModel } from '../gate.ts'
import { asked, drive, mistakes, released } from '../testing/drive.ts'
import { load } from './gate.ts'

/** Adds the columns of each row up; takes its time, or fails, where the model's weights say so. */
const script = `
import json, os, time
def init():
    global weights
    weights = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "weights.txt")).read().split()
    if weights[0] == "broken":
        raise RuntimeError("no such layer")
def run(raw):
    time.sleep(float(weights[1]))
    if weights[0] == "fails":
        raise ValueError("no")
    return [sum(row) for row in json.loads(raw)["input_data"]["data"]]
`

describe('the gate load', () => {
  let t: TestApp
  let fast: ReleasedModel
  // A busy machine may lose a request; what is judged is that of a whole run.
  const quick = { rate: 150, duration: '2s', warm_up: '500ms', rows: 20, max_error_rate: '5%' }
  before(async () => {
    t = await startTestApp()
    useOwnPython(t.home)
    const codeUri = await upload(t, 'LocalUpload/scoring/src', { 'score.py': script })
    await ok('PUT', `${t.workspace}/codes/scoring/versions/1`, { properties: { codeUri } })
    await putVersion(
      t,
      'pairs',
      '1',
      `a,b\n${Array.from({ length: 50 }, (_, i) => `${i},${i * 2}`).join('\n')}\n`,
    )
    fast = await model('1', 'plain 0')
  })
  after(() => t.end())

  async function ok(method: string, path: string, body?: object) {
    const answer = await t.send(method, path, body)
    assert.ok(answer.status < 300, JSON.stringify(answer.body))
  }
  async function model(version: string, weights: string) {
    const modelUri = await upload(t, `LocalUpload/l${version}/model`, {
      ...emptyModel,
      'weights.txt': weights,
    })
    const id = `${t.workspace}/models/sums/versions/${version}`
    await ok('PUT', id, { properties: { modelType: 'custom_model', modelUri } })
    return released(t, id)
  }
  const deployment = {
    environment: ownPython,
    code_configuration: { code: 'azureml:scoring:1', scoring_script: 'score.py' },
    // On a busy machine many wait, and none is to be refused.
    max_concurrent_requests_per_instance: 200,
  }
  const run = (parameters: object, candidate = fast, champion?: ReleasedModel) =>
    drive(
      t,
      load,
      { data: 'azureml:pairs:1', ...quick, deployment, ...parameters },
      { candidate, ...(champion === undefined ? {} : { champion }) },
    )
  const endpoints = async () =>
    (await t.app.platform.resources.list({ type: 'workspaces/onlineEndpoints', scope: t.workspace })).filter(
      ({ deleting }) => !deleting,
    )

  test('passes a deployment that answers in time, and takes it away again', async () => {
    const { result, kept, said } = await run({ p99_ms: 5000 })
    assert.equal(result.verdict, 'pass', JSON.stringify(result))
    assert.match(result.summary, /^\d{3} requests at 150\/s: p99 [\d.]+ ms, \d errors?\.$/)
    assert.match(kept['latencies.csv'] ?? '', /^deployment,due_s,latency_ms\ncandidate,0\.000,\d/)
    assert.match(load.report?.(result) ?? '', /<svg [^]*p99 ≤ 5000 ms/)
    assert.ok(said.includes('deploys sums:1 to try it'))
    assert.deepEqual(await endpoints(), [])
  })

  test('fails one that is too slow, that fails, or that does not come up', async () => {
    const slow = await run({ p50_ms: 400 }, await model('2', 'plain 0.6'))
    assert.equal(slow.result.verdict, 'fail', JSON.stringify(slow.result))
    assert.match(slow.result.summary, /^p50 is \d+\.?\d* ms, where it has to be within 400 ms/)
    const failing = await run({}, await model('3', 'fails 0'))
    assert.equal(failing.result.verdict, 'fail')
    assert.match(
      failing.result.summary,
      /^300 of 300 requests failed \(\d\d\d.*, where it has to be at most 5 %/,
    )
    const broken = await run({}, await model('4', 'broken 0'))
    assert.equal(broken.result.summary, 'It does not come up as a deployment: RuntimeError: no such layer')
    assert.match(broken.result.notes.join('\n'), /no such layer/)
    assert.deepEqual(await endpoints(), [])
  })

  test('asks the champion alternately, where the plan compares them', async () => {
    const champion = await model('5', 'plain 0')
    const slower = await model('6', 'plain 0.01')
    const { result } = await run({ max_p99_ratio: 1.5 }, slower, champion)
    const ratio = result.measures.find(({ name }) => name === 'latency_p99_ratio')
    assert.equal(ratio?.limit, "at most 1.5 times the champion's")
    assert.match(load.report?.(result) ?? '', /champion \(\d+\)/)
    assert.ok(result.measures.some(({ of, name }) => of === 'champion' && name === 'latency_p95_ms'))
  })

  test('sees whether the deployment answers as the model does offline', async () => {
    const python = await pythonWith('mlflow-tables-2.22.5', [
      'mlflow-skinny==2.22.5',
      'pandas<3',
      'pyarrow<23',
    ])
    const folder = join(t.home, 'sums')
    const program = `
import os, sys
import mlflow.pyfunc
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema
class Sums(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        shift = float(os.environ.get("SHIFT", "0"))
        return (model_input["a"] + model_input["b"]) / 3 + shift
signature = ModelSignature(Schema([ColSpec("double", "a"), ColSpec("double", "b")]), Schema([ColSpec("double")]))
mlflow.pyfunc.save_model(sys.argv[1], python_model=Sums(), signature=signature, pip_requirements=["mlflow==2.22.5"])
`
    await promisify(execFile)(python, ['-W', 'ignore', '-c', program, folder])
    const condaFile = readFileSync(join(folder, 'conda.yaml'), 'utf8')
    useOwnPython(t.home, specificationOf({ condaFile }), python)
    useOwnPython(t.home, specificationOf({ condaFile: 'dependencies: [python, pip]' }))
    const modelUri = await uploadFolder(t, 'LocalUpload/mlflow/model', folder)
    const id = `${t.workspace}/models/thirds/versions/1`
    await ok('PUT', id, { properties: { modelType: 'mlflow_model', modelUri } })
    const candidate = await released(t, id)
    const patient = { request_timeout_ms: 60_000, max_concurrent_requests_per_instance: 200 }
    const same = await run({ deployment: patient, rows_per_request: 3 }, candidate)
    const found = same.result.measures.find(({ name }) => name === 'agreement_with_offline')
    assert.deepEqual(
      [found?.estimate, found?.n, found?.verdict],
      [1, 20, 'pass'],
      JSON.stringify(same.result),
    )
    const shifted = { ...patient, environment_variables: { SHIFT: '0.5' } }
    const other = await run({ deployment: shifted, max_error_rate: 1 }, candidate)
    assert.match(other.result.summary, /^agreement with offline is 0, where it has to be every row/)
    assert.match(other.kept['disagreements.json'] ?? '', /"offline": \d+\.?\d*,\s+"online": "\d+\.?\d+/)
  })

  test('goes on after a kill with the endpoint that it had, and can be tidied by another server', async () => {
    const attempt = await asked(t, { candidate: fast })
    const parameters = load.parameters.parse({ data: 'azureml:pairs:1', ...quick, deployment })
    const chosen = await load.advance(parameters, attempt.context({}))
    assert.ok('state' in chosen && chosen.state !== undefined)
    await load.advance(parameters, attempt.context(chosen.state))
    await load.advance(parameters, attempt.context(chosen.state))
    assert.equal((await endpoints()).length, 1)
    attempt.end()
    // Of the attempt, the next server knows its state alone.
    const later = await asked(t, { candidate: fast })
    await load.tidy?.(parameters, later.context(chosen.state))
    await load.tidy?.(parameters, later.context(chosen.state))
    assert.deepEqual(await endpoints(), [])
  })

  test('is an error where it is not known what to send', async () => {
    await assert.rejects(run({ data: undefined }), /was logged without an input example/)
    assert.deepEqual(await endpoints(), [])
  })

  test('tells mistakes of a plan before anything runs', async () => {
    const of = async (parameters: object) =>
      (await mistakes(t, load, parameters as never)).map(
        ({ path, message }) => `${path.join('.')}: ${message}`,
      )
    assert.deepEqual(await of({ rate: 200, p99_ms: 50, max_error_rate: '0.1%' }), [])
    const [p99] = await of({ rate: 5, duration: '10s', p99_ms: 50, max_error_rate: '10%' })
    assert.match(p99 ?? '', /^p99_ms: 50 requests .* cannot show .* takes 299, so 60s at this rate$/)
    assert.match((await of({ max_error_rate: '0.1%' }))[0] ?? '', /^max_error_rate: 300 requests .* 2995/)
    assert.match((await of({ data: 'azureml:none:1' }))[0] ?? '', /^data: /)
    assert.throws(() => load.parameters.parse({ p99: 50 }), /p99/)
  })
})
