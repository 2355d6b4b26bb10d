import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { putVersion } from '../../../data/contracts/testing/csv-version.ts'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { ownPython, useOwnPython } from '../../../testing/own-python.ts'
import { upload } from '../../../testing/serving.ts'
import { specificationOf } from '../../../training/environments/specification.ts'
import type { ReleasedModel } from '../gate.ts'
import { drive, mistakes, released, type Asking } from '../testing/drive.ts'
import { betterBy } from './better.ts'
import { compareMetrics } from './compare.ts'
import { retrain } from './gate.ts'
import { retrainParameters } from './parameters.ts'

describe('metrics of two trainings', () => {
  test('are better one way or the other, as their names say', () => {
    for (const name of ['roc_auc', 'test r2', 'val-accuracy', 'F1', 'macro avg.precision'])
      assert.equal(betterBy(name), 'higher', name)
    for (const name of ['log_loss', 'test rmse', 'validation_error', 'accuracy_error'])
      assert.equal(betterBy(name), 'lower', name)
    for (const name of ['train size', 'epoch', 'deploy flag']) assert.equal(betterBy(name), undefined, name)
  })

  test('are judged where it is known which way is better, within the tolerance', () => {
    const of = (before: object, after: object, given: object = {}) =>
      Object.fromEntries(
        compareMetrics(before as never, after as never, retrainParameters.parse(given)).map(
          ({ name, verdict }) => [name, verdict],
        ),
      )
    assert.deepEqual(of({ auc: 0.8, size: 7 }, { auc: 0.77, size: 9 }), { auc: 'pass', size: undefined })
    assert.deepEqual(of({ auc: 0.8 }, { auc: 0.75 }), { auc: 'fail' })
    assert.deepEqual(of({ rmse: 2 }, { rmse: 2.2 }), { rmse: 'fail' })
    assert.deepEqual(of({ rmse: 2 }, { rmse: 1 }), { rmse: 'pass' })
    assert.deepEqual(of({ auc: 0.8 }, { auc: 0.75 }, { tolerance: '10%' }), { auc: 'pass' })
    const named = { metrics: { size: {}, auc: { tolerance: '1%' }, gone: {} } }
    assert.deepEqual(of({ auc: 0.8, size: 7, mae: 1 }, { auc: 0.79, size: 9, mae: 9 }, named), {
      size: 'fail',
      auc: 'fail',
      gone: 'inconclusive',
      mae: undefined,
    })
    assert.deepEqual(of({ auc: 0.8 }, {}), {})
  })
})

/** "Trains": the share of rows that are late is what it logs, and its model. Reads and writes as scripts of MLflow do. */
const script = `
import csv, json, os, sys, urllib.request
with open(sys.argv[1]) as file:
    rows = list(csv.DictReader(file))
accuracy = sum(float(row["right"]) for row in rows) / len(rows)
body = json.dumps({"run_id": os.environ["MLFLOW_RUN_ID"], "key": "accuracy", "value": accuracy, "timestamp": 0}).encode()
request = urllib.request.Request(os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric", body, {
    "authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "content-type": "application/json"})
urllib.request.urlopen(request).read()
with open(os.path.join(sys.argv[2], "weights.txt"), "w") as file:
    file.write(str(accuracy))
`

describe('the gate retrain', () => {
  let t: TestApp
  let candidate: ReleasedModel
  let other: string
  before(async () => {
    t = await startTestApp()
    useOwnPython(t.home)
    // What the job's environment becomes in another workspace.
    useOwnPython(t.home, specificationOf({ image: 'mcr.microsoft.com/azureml/curated/sklearn-1.5:latest' }))
    other = t.workspace.replace(/[^/]+$/, 'prod')
    await ok('PUT', other, { location: 'local', properties: {} })
    const codeUri = await upload(t, 'LocalUpload/train/src', { 'train.py': script })
    await ok('PUT', `${t.workspace}/codes/train/versions/1`, { properties: { codeUri } })
    await putVersion(t, 'flights', '1', 'right\n1\n1\n1\n0\n')
    const literal = (value: string) => ({ job_input_type: 'literal', value })
    const id = `${t.workspace}/jobs/pipeline_1`
    await ok('PUT', id, {
      properties: {
        jobType: 'Pipeline',
        inputs: { data: { jobInputType: 'uri_file', uri: 'azureml:flights:1' } },
        outputs: {},
        jobs: {
          train: {
            type: 'command',
            component: {
              type: 'command',
              command: 'python train.py ${{inputs.data}} ${{outputs.model}}',
              code: `${t.workspace}/codes/train/versions/1`,
              environment: ownPython,
              inputs: { data: { type: 'uri_file' } },
              outputs: { model: { type: 'custom_model' } },
            },
            inputs: { data: literal('${{parent.inputs.data}}') },
          },
        },
      },
    })
    const done = await t.until(id, ({ status }) => ['Completed', 'Failed'].includes(String(status)))
    assert.equal(done['status'], 'Completed', JSON.stringify(done))
    const { job } = (done['steps'] as Record<string, { job: string }>)['train'] ?? { job: '' }
    const model = `${t.workspace}/models/delay/versions/1`
    const modelUri = `azureml://jobs/${job}/outputs/model`
    await ok('PUT', model, { properties: { modelType: 'custom_model', modelUri, jobName: job } })
    candidate = await released(t, model)
    await ok('PUT', `${t.workspace}/providers/Twinloop/releasePlans/plan`, {
      properties: { model: 'delay', stages: [{ name: 'staging', gates: [] }] },
    })
  })
  after(() => t.end())

  async function ok(method: string, path: string, body?: object) {
    const answer = await t.send(method, path, body)
    assert.ok(answer.status < 300, JSON.stringify(answer.body))
  }
  const run = (parameters: object, asking: Partial<Asking> = {}) =>
    drive(t, retrain, parameters as never, { candidate, ...asking })

  test('passes a candidate that can be trained again as well as it was', async () => {
    const { result, jobs } = await run({})
    assert.equal(result.verdict, 'pass', JSON.stringify(result))
    assert.equal(result.summary, 'Trained again, it is as good by 1 metric.')
    assert.match(result.notes.join('\n'), /delay:1 goes on, not the retrained model/)
    assert.equal(jobs['train']?.properties['jobType'], 'Pipeline')
  })

  test('fails one that is not what it was on the data of today', async () => {
    await putVersion(t, 'flights', '2', 'right\n1\n0\n0\n0\n')
    const { result } = await run({})
    assert.equal(result.verdict, 'fail')
    assert.match(
      result.summary,
      /^Trained again, accuracy is candidate 0.75, retrained 0.25: to be not worse by more than 5 %/,
    )
    const { result: old } = await run({ inputs: { data: 'azureml:flights:1' } })
    assert.equal(old.verdict, 'pass')
  })

  test('trains in another workspace on its data, with code and environment brought along', async () => {
    const stranger = { id: 'stranger', name: 'stranger', kind: 'User', confinedTo: '' } as const
    await assert.rejects(
      run({}, { workspaceId: other, actor: stranger }),
      /stranger may not do '.*jobs\/read'/,
    )
    await assert.rejects(
      run({}, { workspaceId: other }),
      /no data asset 'flights', which input 'data' of the training reads/,
    )
    const there = { ...t, workspace: other }
    await putVersion(there, 'flights', '1', 'right\n1\n1\n')
    const { result, jobs } = await run({}, { workspaceId: other })
    assert.equal(result.verdict, 'pass', JSON.stringify(result))
    assert.match(JSON.stringify(jobs['train']?.properties['jobs']), /prod\/codes\/released-code\/versions/)
  })

  test('lets the retrained model take the place of the candidate, once and for all', async () => {
    const { result } = await run({ goes_on: 'retrained', inputs: { data: 'azureml:flights:1' } })
    assert.match(result.summary, /; delay:2 goes on as plan\/1\.$/)
    const next = await released(t, `${t.workspace}/models/delay/versions/2`)
    const again = await drive(t, retrain, { goes_on: 'retrained' }, { candidate: next })
    assert.equal(again.result.verdict, 'not_applicable')
  })

  test('is an error where the training fails, or is not known', async () => {
    await putVersion(t, 'broken', '1', 'wrong\n1\n')
    await assert.rejects(run({ inputs: { data: 'azureml:broken:1' } }), /The training failed/)
    await assert.rejects(run({ inputs: { date: 'azureml:broken:1' } }), /no input 'date'; it has data/)
    const modelUri = await upload(t, 'LocalUpload/alone/model', { 'weights.txt': '1' })
    await ok('PUT', `${t.workspace}/models/alone/versions/1`, {
      properties: { modelType: 'custom_model', modelUri },
    })
    const alone = await released(t, `${t.workspace}/models/alone/versions/1`)
    await assert.rejects(drive(t, retrain, {}, { candidate: alone }), /no job made it.*\(job:\)/)
  })

  test('tells mistakes of a plan before anything runs', async () => {
    assert.deepEqual(await mistakes(t, retrain, { job: 'pipeline_1' }), [])
    const [missing] = await mistakes(t, retrain, { job: 'azureml:trian@latest' })
    assert.deepEqual(missing?.path, ['job'])
    assert.match(missing?.message ?? '', /no component 'trian'/)
  })
})
