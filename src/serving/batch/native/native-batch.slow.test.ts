import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { containerOf } from '../../../data/containers.ts'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { settled, uploadFolder } from '../../../testing/serving.ts'
import { builderOf } from '../../../training/environments/find.ts'
import { specificationOf } from '../../../training/environments/specification.ts'

const requirements = [
  'mlflow-skinny==3.17.2',
  'pandas==3.1.1',
  'scikit-learn==1.9.1',
  'lightgbm==4.7.0',
  'xgboost-cpu==3.2.0',
  'pyarrow==25.0.1',
]

const train = `
import os, sys
import mlflow.sklearn
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

def rows(n, seed):
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({"carrier": rng.choice(["AA", "UA", "Ö,2", 'say "x"'], n), "seats": rng.integers(1, 9, n),
                      "wind": rng.normal(size=n) * 10.0 ** rng.integers(-9, 9, n), "jet": rng.random(n) < 0.5,
                      "fuel": rng.random(n).astype("float32")})
    X.loc[rng.random(n) < 0.1, "wind"] = np.nan
    return X
X = rows(800, 0)
score = X.seats + 3 * (X.carrier == "AA") + np.sign(X.wind.fillna(0)) + X.jet + X.fuel
home, reqs = sys.argv[1], sys.argv[2:]
def save(name, model, y):
    encode = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["carrier"]), remainder="passthrough")
    fitted = make_pipeline(encode, model).fit(X, y)
    mlflow.sklearn.save_model(fitted, os.path.join(home, name), signature=infer_signature(X, fitted.predict(X)),
        input_example=X.head(4), pip_requirements=reqs, serialization_format="cloudpickle")
save("words", HistGradientBoostingClassifier(max_iter=20), np.where(score > 6, "late", "on time"))
save("numbers", HistGradientBoostingRegressor(max_iter=20), score)

for kind in ("parquet", "csv", "jsonl", "others"):
    os.makedirs(os.path.join(home, "data", kind))
data = rows(5000, 1)
data.insert(0, "id", ["%05d" % i for i in range(5000)])
at = lambda *names: os.path.join(home, "data", *names)
data.to_parquet(at("parquet", "a.parquet"), row_group_size=700, index=False)
data.assign(seats=data.seats.astype("int8"), fuel=data.fuel.astype("float64"), more=pd.Timestamp("2013-01-01")).head(300).to_parquet(at("parquet", "b.parquet"))
data.to_csv(at("csv", "a.csv"), index=False)
data.head(200).to_csv(at("csv", "b.tsv"), sep="\\t")
data.assign(seats=data.seats + 0.0).head(100).to_csv(at("csv", "c.csv"), index=False)
data.to_json(at("jsonl", "a.jsonl"), orient="records", lines=True, double_precision=15, force_ascii=False)
data.head(50).to_csv(at("others", "a.csv"), index=False)
data.head(50).assign(carrier=[None] + ["UA"] * 49).to_csv(at("others", "d.csv"), index=False)
data.head(50).to_json(at("others", "b.json"), orient="records")
data.head(50).astype({"seats": "float64"}).assign(seats=4.5).to_csv(at("others", "c.csv"), index=False)
`

describe('batch scoring with a compiled model', () => {
  let twin: TestApp
  let data: string
  const endpoint = () => `${twin.workspace}/batchEndpoints/bulk`

  before(async () => {
    twin = await startTestApp()
    const specification = specificationOf({ requirements: requirements.join('\n') })
    const { python } = await builderOf(twin.app.platform).ensure(specification)
    const home = join(twin.home, 'trained')
    mkdirSync(home)
    writeFileSync(join(home, 'train.py'), train)
    await promisify(execFile)(python, ['-W', 'ignore', join(home, 'train.py'), home, ...requirements])
    data = await uploadFolder(twin, 'LocalUpload/data', join(home, 'data'))
    await twin.send('PUT', endpoint(), { location: 'local', properties: {} })
    const deployments = []
    for (const model of ['words', 'numbers']) {
      const modelUri = await uploadFolder(twin, `LocalUpload/${model}/model`, join(home, model))
      const version = { properties: { modelType: 'mlflow_model', modelUri } }
      await twin.send('PUT', `${twin.workspace}/models/${model}/versions/1`, version)
      for (const runtime of ['auto', 'python']) {
        const id = `${endpoint()}/deployments/${model}-${runtime}`
        const properties = {
          model: { referenceType: 'Id', assetId: `azureml:${model}:1` },
          maxConcurrencyPerInstance: 2,
          environmentVariables: { TWINLOOP_RUNTIME: runtime },
          properties: { keep_columns: 'id, seats, carrier, jet', part_bytes: '20000' },
        }
        const put = await twin.send('PUT', id, { location: 'local', properties })
        assert.equal(put.status, 201, JSON.stringify(put.body))
        deployments.push(id)
      }
    }
    for (const id of deployments) {
      const state = await settled(twin, id)
      assert.equal(state['provisioningState'], 'Succeeded', JSON.stringify(state['error']))
    }
  })
  after(() => twin.end())

  let jobs = 0
  /** Scores in a job, to which `interfere` may do what it likes meanwhile. */
  async function score(
    deployment: string,
    kind: string,
    more: object = {},
    interfere?: (step: string) => Promise<void>,
  ) {
    const name = `job${++jobs}`
    const inputData = { data: { jobInputType: 'UriFolder', uri: `${data}/${kind}` } }
    const answer = await twin.send('POST', `${endpoint()}/invoke`, {
      properties: { name, deployment, inputData, ...more },
    })
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    await interfere?.(`${name}_batchscoring`)
    const ended = await twin.until(`${twin.workspace}/jobs/${name}`, ({ status }) =>
      ['Completed', 'Failed'].includes(String(status)),
    )
    return {
      name,
      ended,
      log: await read('artifacts', `ExperimentRun/dcid.${name}_batchscoring/user_logs/std_log.txt`),
    }
  }
  const place = (job: string, file: string) => `azureml/${job}_batchscoring/score/${file}`
  async function read(store: 'artifacts' | 'blobstore', path: string): Promise<string> {
    const { artifacts, resources } = twin.app.platform
    const container = containerOf(await resources.get(twin.workspace), store)
    return Buffer.concat(
      (await Array.fromAsync(await artifacts.read({ container, path }))) as Buffer[],
    ).toString()
  }
  async function both(model: string, kind: string, file: string) {
    const [fast, slow] = [
      await score(`${model}-auto`, kind, { outputFileName: file, miniBatchSize: 1 }),
      await score(`${model}-python`, kind, { outputFileName: file, miniBatchSize: 1 }),
    ]
    for (const { ended, log } of [fast, slow])
      assert.equal(ended['status'], 'Completed', JSON.stringify(ended['error']) + log)
    return { fast, slow }
  }

  test('a deployment says what scores, and why', async () => {
    const shown = async (name: string) =>
      (await twin.send('GET', `${endpoint()}/deployments/${name}`)).body.properties
    const { runtime, runtimeProof, compiledUri } = await shown('words-auto')
    assert.match(runtime, /^onnx \(proven on \d+ rows, max/)
    assert.ok(runtimeProof.rows > 500)
    assert.equal(compiledUri, undefined)
    assert.equal((await shown('words-python')).runtime, 'python because TWINLOOP_RUNTIME says so')
  })

  // What reads and what writes know nothing of each other: each of them once for each runtime.
  for (const [kind, file] of [
    ['parquet', 'out.csv'],
    ['csv', 'out.jsonl'],
  ] as const)
    test(`${kind} is scored to ${file} as Python does, byte for byte`, async () => {
      const { fast, slow } = await both('words', kind, file)
      assert.match(fast.log, /^Runtime: onnx \(proven/)
      assert.match(fast.log, /Scored by onnx: \d+ mini-batches\./)
      assert.match(slow.log, /^Runtime: python because/)
      const [own, expected] = [
        await read('blobstore', place(fast.name, file)),
        await read('blobstore', place(slow.name, file)),
      ]
      assert.ok(own.split('\n').length > 5000)
      assert.equal(own, expected)
      const job = await twin.app.platform.resources.get(`${twin.workspace}/jobs/${fast.name}`)
      assert.match((job.properties['properties'] as { runtime: string }).runtime, /^onnx/)
    })

  for (const kind of ['parquet', 'jsonl'])
    test(`${kind} is scored to Parquet as Python does`, async () => {
      const { fast, slow } = await both('numbers', kind, 'out.parquet')
      assert.match(fast.log, /Scored by onnx: \d+ mini-batches\./)
      const table = (job: string) =>
        `"azureml://datastores/workspaceblobstore/paths/${place(job, 'out.parquet')}"`
      const rest = '* exclude (prediction)'
      const ask = async (sql: string) => {
        const answer = await twin.send('POST', `${twin.workspace}/queryData`, { sql })
        assert.equal(answer.status, 200, JSON.stringify(answer.body))
        return answer.body.rows
      }
      const [a, b] = [table(fast.name), table(slow.name)]
      const kept = `select ${rest} from`
      const difference = `with a as (${kept} ${a}), b as (${kept} ${b}) select (select count(*) from (from a except from b)), (select count(*) from (from b except from a)), (select count(*) from a) - (select count(*) from b)`
      assert.deepEqual(await ask(difference), [[0, 0, 0]])
      const [[most, rows]] = await ask(
        `select max(abs(x.prediction - y.prediction)), count(*) from ${a} x join ${b} y using (file, row)`,
      )
      assert.ok(most < 1e-6 && rows > 4900, `${most} ${rows}`)
    })

  /** Processes of a step, each with what it was started by; what supervises them comes first. */
  const processesOf = (step: string) => {
    const own = readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid) && proc(pid, 'environ').includes(`AZUREML_RUN_ID=${step}\0`))
      .map((pid) => ({ pid, command: proc(pid, 'cmdline') }))
    const parents = own.map(({ pid }) => /^PPid:\s+(\d+)$/m.exec(proc(pid, 'status'))?.[1] ?? '')
    const supervisors = [...new Set(parents)]
      .map((pid) => ({ pid, command: proc(pid, 'cmdline') }))
      .filter(({ command }) => command.includes('supervisor.py'))
    return [...supervisors, ...own]
  }
  /** Kills those of a step's processes that are meant, once one of its mini-batches has been scored. */
  const killAmid = (meant: (command: string) => boolean) => async (step: string) => {
    const isBegun = () => globSync(join(twin.home, 'jobs', '**', '.parts', '*.part')).length > 0
    while (!isBegun()) await setImmediate()
    const killed = processesOf(step).filter(({ command }) => meant(command))
    assert.ok(killed.length > 0, 'it was over too soon')
    for (const { pid } of killed)
      try {
        process.kill(Number(pid), 'SIGKILL')
      } catch {
        // Its end came with another's.
      }
  }
  const expected = async () => {
    const { name } = await score('words-python', 'csv', { outputFileName: 'out.csv', miniBatchSize: 1 })
    return read('blobstore', place(name, 'out.csv'))
  }
  const isWorker = (command: string) => command.includes('batch/native/main')

  for (const [name, isMeant, said] of [
    // What it was at is left to Python, which would survive what has killed it.
    ['the workers', isWorker, /Scored by onnx: \d+ mini-batches(; by python: [12])?\./],
    [
      'the whole job',
      () => true,
      /Going on after [1-9]\d* of \d+ mini-batches[^]*Scored by onnx: \d+ mini-batches\./,
    ],
  ] as const)
    test(`${name} killed amid the mini-batches: it goes on, with every row in the output once`, async () => {
      const options = { outputFileName: 'out.csv', miniBatchSize: 1 }
      const { ended, name: job, log } = await score('words-auto', 'csv', options, killAmid(isMeant))
      assert.equal(ended['status'], 'Completed', JSON.stringify(ended['error']) + log)
      assert.match(log, said)
      assert.equal(await read('blobstore', place(job, 'out.csv')), await expected())
    })

  test('what the compiled model cannot judge is scored by Python, in the same job', async () => {
    const { fast, slow } = await both('words', 'others', 'out.csv')
    assert.match(fast.log, /c\.csv\) is scored by Python: column seats has a value that is no long/)
    assert.match(fast.log, /Scored by onnx: 2 mini-batches; by python: 1\./)
    for (const { log } of [fast, slow]) assert.match(log, /1 of 4 files failed/)
    assert.equal(
      await read('blobstore', place(fast.name, 'out.csv')),
      await read('blobstore', place(slow.name, 'out.csv')),
    )
    for (const runtime of ['auto', 'python']) {
      const { ended } = await score(`words-${runtime}`, 'others', {
        errorThreshold: 0,
        miniBatchSize: 1,
        retrySettings: { maxRetries: 0 },
      })
      assert.match(JSON.stringify(ended['error']), /1 files failed, more than the error threshold of 0/)
    }
  })

  test('a model that another version of Twinloop proved is scored by Python until it is deployed again', async () => {
    const id = `${endpoint()}/deployments/words-auto`
    await twin.app.platform.resources.setStatus(id.toLowerCase(), { provenBy: 'another' })
    const { log } = await score('words-auto', 'others')
    assert.match(log, /^Runtime: python because another version of Twinloop proved the model/)
    const { location, properties } = (await twin.send('GET', id)).body
    await twin.send('PUT', id, { location, properties })
    await settled(twin, id)
    assert.match((await score('words-auto', 'others')).log, /^Runtime: onnx/)
  })
})

/** What a process says of itself; '' for one that has ended. */
function proc(pid: string, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8')
  } catch {
    return ''
  }
}
