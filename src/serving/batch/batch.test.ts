import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { settled, upload } from '../../testing/serving.ts'
import { containerOf } from '../../data/containers.ts'

/** Names each file that it scores, in a log beside the output too, so that a test sees what was scored how often. */
const script = `
import os, sys, time
def init():
    global model
    model = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "tiny", "weights.txt")).read().strip()
def run(mini_batch):
    names = [os.path.basename(path) for path in mini_batch]
    with open(os.environ["SCORED"], "a") as log:
        log.write("".join(name + "\\n" for name in names))
    if any("bad" in name for name in names):
        raise ValueError("%s cannot be scored" % names[0])
    slow = os.environ.get("SLOW")
    if slow and names[0] == slow and not os.path.exists(os.environ["SCORED"] + ".go"):
        time.sleep(600)
    if os.environ.get("RECORDS"):
        return [dict(name=name, size=os.path.getsize(path), half=os.path.getsize(path) / 2, on="2013-04-01") for name, path in zip(names, mini_batch)]
    return [[name, os.path.getsize(path), model] for name, path in zip(names, mini_batch)]
`

describe('batch endpoints', () => {
  let twin: TestApp
  let endpoint: string
  let codeId: string

  before(async () => {
    twin = await startTestApp()
    useOwnPython(twin.home)
    endpoint = `${twin.workspace}/batchEndpoints/nightly`
    const modelUri = await upload(twin, 'LocalUpload/m1/tiny', { 'weights.txt': 'w1\n' })
    await twin.send('PUT', `${twin.workspace}/models/mine/versions/1`, {
      properties: { modelType: 'custom_model', modelUri },
    })
    const codeUri = await upload(twin, 'LocalUpload/c1/src', { 'score.py': script })
    codeId = `${twin.workspace}/codes/c1/versions/1`
    await twin.send('PUT', codeId, { properties: { codeUri } })
    const files = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`f${i}.txt`, 'x'.repeat(i)]))
    await upload(twin, 'LocalUpload/d1/good', { ...files, _SUCCESS: '', '.hidden': '' })
    await upload(twin, 'LocalUpload/d1/mixed', { ...files, 'bad1.txt': '', 'bad2.txt': '' })
  })
  after(() => twin.end())

  const data = (folder: string) => `azureml://datastores/workspaceblobstore/paths/LocalUpload/d1/${folder}`
  const scored = (name: string) => `${twin.home}/${name}.scored`
  async function deploy(name: string, properties: object = {}, variables: object = {}) {
    const put = await twin.send('PUT', `${endpoint}/deployments/${name}`, {
      location: 'local',
      properties: {
        model: { referenceType: 'Id', assetId: 'azureml:mine@latest' },
        codeConfiguration: { codeId, scoringScript: 'score.py' },
        environmentId: ownPython,
        miniBatchSize: 2,
        environmentVariables: { SCORED: scored(name), ...variables },
        ...properties,
      },
    })
    if (put.status < 300) await settled(twin, `${endpoint}/deployments/${name}`)
    return put
  }
  const invoke = (body: object, headers: Record<string, string> = {}) =>
    twin.send('POST', `/batch${endpoint}/jobs`, { properties: body }, headers)
  const input = (folder: string) => ({ UriFolder: { jobInputType: 'UriFolder', uri: data(folder) } })
  const end = (job: { id: string }) =>
    twin.until(job.id, ({ status }) => ['Completed', 'Failed', 'Canceled'].includes(String(status)))
  const step = async (job: { name: string }) => {
    const steps = await twin.send('GET', `${twin.workspace}/jobs?parentJobName=${job.name}`)
    return steps.body.value[0] as { id: string; name: string; properties: Record<string, unknown> }
  }
  async function read(path: string): Promise<string> {
    const { artifacts, resources } = twin.app.platform
    const container = containerOf(await resources.get(twin.workspace), 'blobstore')
    const parts = []
    for await (const part of await artifacts.read({ container, path })) parts.push(part as Buffer)
    return Buffer.concat(parts).toString()
  }
  const predictions = async (job: { name: string }, file = 'predictions.csv') =>
    read(`azureml/${(await step(job)).name}/score/${file}`)

  test('a deployment is the default, and its jobs score every file once, in order', async () => {
    const made = await twin.send('PUT', endpoint, { location: 'local', properties: { authMode: 'aadToken' } })
    assert.equal(made.status, 201)
    assert.equal((await deploy('blue', { maxConcurrencyPerInstance: 3 })).status, 201)
    await twin.send('PATCH', endpoint, { properties: { defaults: { deploymentName: 'blue' } } })
    const { scoringUri, provisioningState } = (await twin.send('GET', endpoint)).body.properties
    assert.equal(provisioningState, 'Succeeded')
    assert.ok(scoringUri.endsWith(`/batch${endpoint}/jobs`))

    const answer = await invoke({ inputData: input('good'), properties: { experimentName: 'nights' } })
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    assert.match(answer.body.name, /^batchjob-/)
    const ended = await end(answer.body)
    assert.equal(ended['status'], 'Completed', JSON.stringify(ended['error']))
    const lines = Array.from({ length: 7 }, (_, i) => `f${i}.txt ${i} w1\n`)
    assert.equal(await predictions(answer.body), lines.join(''))
    const listed = await twin.send('GET', `/mferp/managementfrontend${endpoint}/jobs`)
    assert.deepEqual(
      listed.body.value.map((job: { name: string; properties: { status: string } }) => [
        job.name,
        job.properties.status,
      ]),
      [[answer.body.name, 'Completed']],
    )
  })

  test('a file that fails is tried again, counted, and left out; too many fail the job', async () => {
    assert.equal(
      (await deploy('brittle', { miniBatchSize: 1, retrySettings: { maxRetries: 1, timeout: 'PT20S' } }))
        .status,
      201,
    )
    const borne = await invoke(
      { inputData: input('mixed'), outputFileName: 'out.jsonl' },
      { 'azureml-model-deployment': 'brittle' },
    )
    assert.equal((await end(borne.body))['status'], 'Completed')
    const rows = (await predictions(borne.body, 'out.jsonl')).trim().split('\n')
    assert.equal(rows.length, 7)
    assert.deepEqual(JSON.parse(rows[0] ?? ''), { prediction: ['f0.txt', 0, 'w1'] })
    const tries = execFileSync('sort', [scored('brittle')])
      .toString()
      .split('\n')
    assert.equal(tries.filter((name) => name === 'bad1.txt').length, 2)

    const refused = await invoke({ inputData: input('mixed'), deployment: 'brittle', errorThreshold: 1 })
    const ended = await end(refused.body)
    assert.equal(ended['status'], 'Failed')
    assert.match(JSON.stringify(ended['error']), /2 files failed, more than the error threshold of 1/)
  })

  test('Parquet is written where the environment has no pyarrow, too', async (context) => {
    const { status } = spawnSync('python3', ['-c', 'import pyarrow'], { stdio: 'ignore' })
    if (status === 0) return context.skip('this Python has pyarrow')
    assert.equal((await deploy('columns', { outputFileName: 'out.parquet' }, { RECORDS: 'yes' })).status, 201)
    const { body: job } = await invoke(
      { inputData: input('good') },
      { 'azureml-model-deployment': 'columns' },
    )
    const ended = await end(job)
    assert.equal(ended['status'], 'Completed', JSON.stringify(ended['error']))
    const { artifacts, resources, analytics } = twin.app.platform
    const container = containerOf(await resources.get(twin.workspace), 'blobstore')
    const folder = join(twin.home, 'parquet')
    await artifacts.checkout(
      { container, path: `azureml/${(await step(job)).name}/score/out.parquet` },
      folder,
    )
    const table = await analytics.session({ reads: [folder] }, (session) =>
      session.all(`select * from read_parquet('${folder}/out.parquet')`),
    )
    assert.deepEqual(
      table.columns.map(({ name, type }) => [name, type]),
      [
        ['name', 'VARCHAR'],
        ['size', 'BIGINT'],
        ['half', 'DOUBLE'],
        ['on', 'VARCHAR'],
      ],
    )
    assert.deepEqual(
      table.rows.map(([name, , half, on]) => [name, half, on]),
      Array.from({ length: 7 }, (_, i) => [`f${i}.txt`, i / 2, '2013-04-01']),
    )
  })

  test('a driver that is killed goes on where it was, and scores nothing into the output twice', async () => {
    await deploy('slow', { miniBatchSize: 1, retrySettings: { timeout: 'PT10M' } }, { SLOW: 'f3.txt' })
    const { body: job } = await invoke({ inputData: input('good'), deployment: 'slow' })
    const child = await twin.until(job.id, ({ steps }) => steps !== undefined).then(() => step(job))
    await twin.until(child.id, ({ status }) => status === 'Running')
    const pid = await seen(() => driverOf(child.name))
    await seen(() => count('slow') >= 4 || undefined)
    execFileSync('touch', [`${scored('slow')}.go`])
    process.kill(pid, 'SIGKILL')
    const ended = await end(job)
    assert.equal(ended['status'], 'Completed', JSON.stringify(ended['error']))
    assert.equal((await predictions(job)).split('\n').length, 8)
    const names = execFileSync('sort', [scored('slow')])
      .toString()
      .trim()
      .split('\n')
    assert.deepEqual(names, ['f0.txt', 'f1.txt', 'f2.txt', 'f3.txt', 'f3.txt', 'f4.txt', 'f5.txt', 'f6.txt'])
    const warnings = (await twin.send('GET', child.id)).body.properties.warnings as string[]
    assert.match(warnings.join(), /lost, and was started again/)
  })

  /** The bash of the command, which is killed with all below it. */
  function driverOf(job: string): number | undefined {
    const found = execFileSync('sh', [
      '-c',
      `grep -lsa "AZUREML_RUN_ID=${job}" /proc/[0-9]*/environ || true`,
    ]).toString()
    const pids = found
      .split('\n')
      .filter((path) => path !== '')
      .map((path) => Number(path.split('/')[2]))
    return pids.find((pid) => {
      const line = execFileSync('sh', ['-c', `tr '\\0' ' ' < /proc/${pid}/cmdline || true`]).toString()
      return /batch\.py --data/.test(line) && !line.startsWith('/bin/bash')
    })
  }
  const count = (name: string) =>
    Number(execFileSync('sh', ['-c', `cat ${scored(name)} 2>/dev/null | wc -l`]).toString())

  /** Looks until something is there: a process outside tells nobody when it has begun. */
  async function seen<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  test('summary_only leaves what the script itself writes', async () => {
    const own = `
import os
def init(): pass
def run(mini_batch):
    with open(os.path.join(os.environ["AZUREML_BI_OUTPUT_PATH"], "own.txt"), "a") as out:
        out.write("%d\\n" % len(mini_batch))
`
    const codeUri = await upload(twin, 'LocalUpload/c2/src', { 'score.py': own })
    await twin.send('PUT', `${twin.workspace}/codes/c2/versions/1`, { properties: { codeUri } })
    await deploy('own', {
      outputAction: 'SummaryOnly',
      miniBatchSize: 10,
      codeConfiguration: { codeId: `${twin.workspace}/codes/c2/versions/1`, scoringScript: 'score.py' },
    })
    const place = {
      score: { jobOutputType: 'UriFolder', uri: 'azureml://datastores/workspaceblobstore/paths/mine/' },
    }
    const { body: job } = await invoke({ inputData: input('good'), outputData: place, deployment: 'own' })
    assert.equal((await end(job))['status'], 'Completed')
    assert.equal(await read('mine/own.txt'), '7\n')
  })

  test('a query is asked in a step of the job, and its rows are scored; lineage knows what it read', async () => {
    await upload(twin, 'LocalUpload/q1', { 'flights.csv': 'carrier,month,delay\nUA,4,1.5\nAA,4,2\nAA,5,3\n' })
    const flights = `${twin.workspace}/data/flights/versions/1`
    const dataUri = 'azureml://datastores/workspaceblobstore/paths/LocalUpload/q1/flights.csv'
    await twin.send('PUT', flights, { properties: { dataType: 'uri_file', dataUri } })
    await upload(twin, 'LocalUpload/q2', { 'a.jsonl': '{"carrier": "UA", "name": "United"}\n' })
    await twin.send('PUT', `${twin.workspace}/data/carriers/versions/1`, {
      properties: {
        dataType: 'uri_folder',
        dataUri: 'azureml://datastores/workspaceblobstore/paths/LocalUpload/q2',
      },
    })
    const asked = (value: string, name = 'asked') =>
      invoke({ name, inputData: { q: { jobInputType: 'Query', value } }, deployment: 'blue' })
    const { status, body: job } = await asked(
      'select delay, name from flights@latest f left join carriers using (carrier) where month = 4 order by delay; -- two',
    )
    assert.equal(status, 201, JSON.stringify(job))
    const ended = await end(job)
    assert.equal(ended['status'], 'Completed', JSON.stringify(ended['error']))
    assert.match(await predictions(job), /^rows\.parquet \d+ w1\n$/)
    const query = (await twin.app.platform.resources.get(`${twin.workspace}/jobs/asked`)).status['steps'] as {
      query: { job: string }
    }
    const { blobs } = await twin.app.platform.artifacts.list(
      containerOf(await twin.app.platform.resources.get(twin.workspace), 'blobstore'),
      `azureml/${query.query.job}/rows/`,
    )
    assert.deepEqual(
      blobs.map(({ path }) => path.split('/').at(-1)),
      ['rows.parquet'],
    )
    const uri = `azureml://datastores/workspaceblobstore/paths/azureml/${query.query.job}/rows/`
    const preview = await twin.send('POST', `${twin.workspace}/previewData`, { reference: uri })
    assert.deepEqual(preview.body.rows, [
      [1.5, 'United'],
      [2, null],
    ])
    const { body: lineage } = await twin.send('POST', `${flights}/lineage`, { direction: 'down' })
    assert.ok(JSON.stringify(lineage).includes('/jobs/asked'), JSON.stringify(lineage))
    const up = await twin.send('POST', `${endpoint}/lineage`, { direction: 'up' })
    assert.equal(up.status, 200, JSON.stringify(up.body))
    const edges = (up.body.edges as { kind: string }[]).map(({ kind }) => kind)
    assert.ok(edges.includes('serves') && edges.includes('deployed'), JSON.stringify(up.body))

    const wrong = await end((await asked('select dela from flights', 'typo')).body)
    assert.equal(wrong['status'], 'Failed')
    assert.match(JSON.stringify(wrong['error']), /no column 'dela'. Did you mean 'delay'/)
    const empty = await end((await asked('select * from flights where month = 13', 'none')).body)
    assert.match(JSON.stringify(empty['error']), /has no rows/)
    for (const [sql, words] of [
      ['select * from flight', /no data asset 'flight'. Did you mean 'flights'/],
      ['selec 1', /syntax error/],
      ['', /query without a value/],
    ] as const)
      assert.match(JSON.stringify((await asked(sql, 'never')).body), words)
    assert.equal((await twin.send('GET', `${twin.workspace}/jobs/never`)).status, 404)
  })

  test('a schedule invokes the endpoint, once for each time, and is refused what the endpoint would refuse', async () => {
    const id = `${twin.workspace}/schedules/nights`
    const schedule = (definition: object) =>
      twin.send('PUT', id, {
        properties: {
          trigger: { triggerType: 'Cron', expression: '0 3 * * *', startTime: '2100-01-01T00:00:00' },
          action: { actionType: 'InvokeBatchEndpoint', endpointInvocationDefinition: definition },
        },
      })
    for (const [definition, words, target] of [
      [{}, /needs the name of a batch endpoint/, 'endpoint'],
      [{ endpoint: 'nightli' }, /Did you mean 'nightly'/, ''],
      [{ endpoint: 'nightly', inputData: {} }, /there is none/, 'inputData'],
      [{ endpoint: 'nightly', deployment: 'blu', inputData: input('good') }, /Did you mean 'blue'/, ''],
      [{ endpoint: 'nightly', miniBatchSize: 0, inputData: input('good') }, /miniBatchSize/, ''],
    ] as const) {
      const { status, body } = await schedule(definition)
      assert.ok(status === 400 || status === 404, JSON.stringify(body))
      assert.match(JSON.stringify(body), words)
      assert.ok(JSON.stringify(body).includes(`endpointInvocationDefinition${target && `.${target}`}`))
    }
    const made = await schedule({ endpoint: 'nightly', deployment: 'blue', inputData: input('good') })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const at = { scheduleTime: '2026-01-31T10:15:00Z' }
    for (const _ of [1, 2]) {
      const { body } = await twin.send('POST', `${id}/trigger`, at)
      assert.deepEqual(body, {
        scheduleActionType: 'InvokeBatchEndpoint',
        submissionId: 'nights-20260131T101500Z',
      })
    }
    const ended = await end({ id: `${twin.workspace}/jobs/nights-20260131T101500Z` })
    assert.equal(ended['status'], 'Completed', JSON.stringify(ended['error']))
    assert.equal((ended['properties'] as Record<string, string>)['azureml.scheduleName'], 'nights')
  })

  test('what cannot be is refused with the field, and nothing is made', async () => {
    const refusals: [object, number, RegExp][] = [
      [{}, 400, /one input of data; there is none/],
      [{ inputData: { a: {}, b: {} } }, 400, /there are 2: a, b/],
      [{ inputData: { a: { jobInputType: 'UriFolder' } } }, 400, /needs a uri/],
      [{ inputData: { a: { jobInputType: 'UriFolder', uri: 'azureml:nothing:1' } } }, 400, /nothing/],
      [{ inputData: input('good'), deployment: 'blu' }, 404, /Did you mean 'blue'/],
      [{ inputData: input('good'), miniBatchSize: 0 }, 400, /miniBatchSize/],
      [{ inputData: input('good'), outputFileName: '../x' }, 400, /outputFileName/],
      [{ inputData: input('good'), retrySettings: { timeout: '30' } }, 400, /PT30S/],
    ]
    for (const [body, status, words] of refusals) {
      const answer = await invoke(body)
      assert.equal(answer.status, status, JSON.stringify(answer.body))
      assert.match(JSON.stringify(answer.body), words)
    }
    assert.equal((await invoke({ inputData: input('good') }, { authorization: 'Bearer no' })).status, 401)
    assert.equal(
      (await twin.send('POST', `/batch${twin.workspace}/batchEndpoints/nope/jobs`, {})).status,
      404,
    )
    const bad = await deploy('bad', { codeConfiguration: null })
    assert.match(JSON.stringify(bad.body), /custom_model: say how to score it/)
    assert.equal((await deploy('bad', { environmentId: null })).status, 400)
    assert.match(JSON.stringify((await deploy('bad', { compute: 'azureml:nope' })).body), /no compute 'nope'/)
    assert.equal((await twin.send('DELETE', `${endpoint}/deployments/blue`)).status, 409)
    const other = await twin.send('PATCH', endpoint, { properties: { defaults: { deploymentName: 'blew' } } })
    assert.match(JSON.stringify(other.body), /no deployment 'blew'.* It has .*blue/)
    const key = { location: 'local', properties: { authMode: 'Key' } }
    assert.equal((await twin.send('PUT', `${twin.workspace}/batchEndpoints/keyed`, key)).status, 400)
  })
})
