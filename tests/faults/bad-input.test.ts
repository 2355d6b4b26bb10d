import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { startTestApp } from '../../src/testing/app.ts'
import type { Answer, TestApp } from '../../src/testing/app.ts'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'

let t: TestApp
let other: string
let otherGuid: string
before(async () => {
  t = await startTestApp()
  useOwnPython(t.home)
  other = t.workspace.replace(/dev$/, 'other')
  const made = await t.send('PUT', other, { location: 'local', properties: {} })
  otherGuid = made.body.properties.workspaceId
  await t.until(other, (p) => p['provisioningState'] === 'Succeeded')
  for (const workspace of [t.workspace, other]) {
    const put = (path: string, properties: object) => t.send('PUT', `${workspace}/${path}`, { properties })
    await put('data/private/versions/1', { dataUri: uri, dataType: 'uri_folder' })
    await put('models/private/versions/1', { modelUri: uri, modelType: 'custom_model' })
    await put('codes/private/versions/1', { codeUri: uri })
    await put('environments/private/versions/1', { image: 'x', condaFile: 'dependencies: [python]' })
  }
})
after(() => t.end())

const uri = 'azureml://datastores/workspaceblobstore/paths/x/'
const mlflow = '/api/2.0/mlflow'
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
const job = (name: string, properties: object) =>
  t.send('PUT', `${t.workspace}/jobs/${name}`, {
    properties: { jobType: 'Command', command: 'true', environmentId: ownPython, ...properties },
  })
const input = (value: string) => ({ inputs: { data: { jobInputType: 'uri_folder', uri: value } } })
const output = (value: string) => ({ outputs: { out: { jobOutputType: 'uri_folder', uri: value } } })

/** Refused as asked, in words, and nothing of it is there. */
async function refused(answer: Answer, status: number, message: RegExp, path?: string): Promise<void> {
  assert.equal(answer.status, status, JSON.stringify(answer.body))
  assert.match(String(answer.body.error?.message ?? answer.body.message ?? answer.body), message)
  if (path !== undefined) assert.equal((await t.send('GET', path)).status, 404, 'nothing is half-written')
}

describe('bodies', () => {
  it('nested without end are refused, before anything that could not be read again is written', async () => {
    const path = `${t.workspace}/data/deep/versions/1`
    const body = `{"properties":{"dataUri":"${uri}","dataType":"uri_file","x":${nested(5000)}}}`
    await refused(await t.send('PUT', path, body), 400, /nested deeper than 100/, path)
    const tags = await t.send(
      'POST',
      `${mlflow}/experiments/create`,
      `{"name":"x","tags":${nested(100_000)}}`,
    )
    await refused(tags, 400, /nested deeper than 100/)
  })

  it('larger than allowed are 413, announced or not, and are not read to their end', async () => {
    const limit = 32 * 1024 * 1024
    for (const [method, path] of [
      ['PUT', `${t.workspace}/data/large/versions/1`],
      ['POST', `${mlflow}/runs/log-batch`],
      ['POST', '/serving/authorize'],
    ] as const) {
      const { status, sent } = await stream(method, path, 4 * limit)
      assert.equal(status, 413, path)
      assert.ok(sent < 2 * limit, `${path}: ${sent} bytes were taken`)
    }
  })

  it('are quoted in errors no further than a person reads', async () => {
    const started = performance.now()
    const answer = await t.send('PUT', `${t.workspace}/computes/cpu`, {
      properties: { computeType: 'x'.repeat(3e6) },
    })
    await refused(answer, 400, /is not one of/)
    assert.ok(JSON.stringify(answer.body).length < 20_000)
    assert.ok(performance.now() - started < 5000, 'nearest names of what nobody mistyped are not looked for')
  })

  it('headers larger than 16 KiB are 431', async () => {
    assert.equal((await stream('GET', '/healthz', 0, { 'x-long': 'x'.repeat(20_000) })).status, 431)
  })

  it('conda files that grow without end are refused', async () => {
    const letters = 'abcdefghi'.split('')
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...letters.slice(1).map((c, i) => `${c}: &${c} [${`*${letters[i]},`.repeat(9)}]`),
      'dependencies: *i',
    ].join('\n')
    const path = `${t.workspace}/environments/bomb/versions/1`
    const conda = (condaFile: string) => t.send('PUT', path, { properties: { condaFile } })
    await refused(await conda(bomb), 400, /Excessive alias count/, path)
    await refused(await conda(`dependencies: ${'['.repeat(20_000)}`), 400, /nested too deeply/, path)
    await refused(await conda('#'.repeat(300_000)), 400, /at most 262144/, path)
  })
})

describe('numbers and words', () => {
  it('that no reader could read back are refused, and the run stays readable', async () => {
    const { body } = await t.send('POST', `${mlflow}/runs/create`, { experiment_id: '0' })
    const runId = body.run.info.run_id
    const metric = { run_id: runId, key: 'k', value: 1, timestamp: 1 }
    for (const [path, message] of [
      ['runs/log-metric', { ...metric, step: '9999999999999999' }],
      ['runs/log-metric', { ...metric, timestamp: 2 ** 60 }],
      ['runs/log-metric', { ...metric, value: 'constructor' }],
      ['runs/update', { run_id: runId, end_time: '9007199254740993' }],
    ] as const)
      await refused(await t.send('POST', `${mlflow}/${path}`, message), 400, /Invalid value/)
    assert.equal((await t.send('GET', `${mlflow}/runs/get?run_id=${runId}`)).status, 200)
    assert.equal((await t.send('POST', `${mlflow}/runs/search`, { experiment_ids: ['0'] })).status, 200)
  })

  it('that every object has a property of are not taken for options', async () => {
    for (const query of [
      'tags=%00',
      'listViewType=constructor',
      '$orderBy=constructor',
      '$orderBy=__proto__ desc',
    ])
      assert.equal((await t.send('GET', `${t.workspace}/data?${query}`)).status, 400, query)
    const strange = await job('strange', input('azureml://datastores/constructor/paths/x'))
    await refused(strange, 400, /datastore/i, `${t.workspace}/jobs/strange`)
  })

  it('more than a statement can hold are refused', async () => {
    const search = (message: object) =>
      t.send('POST', `${mlflow}/runs/search`, { experiment_ids: ['0'], ...message })
    const comparisons = Array.from({ length: 500 }, () => "params.a = 'b'").join(' AND ')
    await refused(await search({ filter: comparisons }), 400, /at most 100 comparisons/)
    const ids = Array.from({ length: 50_000 }, () => "'a'").join()
    await refused(await search({ filter: `run_id IN (${ids})` }), 400, /at most 10000 values/)
    const order = Array.from({ length: 200 }, (_, i) => `metrics.m${i}`)
    await refused(await search({ order_by: order }), 400, /at most 50 fields/)
    const tags = Array.from({ length: 200 }, (_, i) => `t${i}`).join()
    await refused(await t.send('GET', `${t.workspace}/data?tags=${tags}`), 400, /at most 50/)
    const experiments = Array.from({ length: 50_000 }, (_, i) => String(i))
    assert.equal((await search({ experiment_ids: experiments })).status, 200)
  })

  it('that are no percent-encoding are 400', async () => {
    for (const path of [`${t.workspace}/data/%zz`, `/history/v1.0${t.workspace}/runs/%zz/details`])
      await refused(await t.send('GET', path), 400, /percent-encoding/)
  })
})

describe('paths that leave their root', () => {
  for (const [what, properties] of [
    ['an input above its datastore', input('azureml://datastores/workspaceblobstore/paths/a/../../x')],
    ['an input on the machine', input('/etc')],
    ['an input by a file URL', input('file:///etc')],
    ['an input beside', input('../x')],
    ['an output above its datastore', output('azureml://datastores/workspaceblobstore/paths/../../x')],
    ['an output on the machine', output('/tmp/x')],
  ] as const)
    it(`are refused: ${what}`, async () => {
      await refused(await job('escape', properties), 400, /leaves its root|path on some machine/, jobPath())
    })
  const jobPath = () => `${t.workspace}/jobs/escape`

  it('are refused: blobs, models, experiments, artifacts', async () => {
    const { body } = await t.send('GET', t.workspace)
    const blob = `/devstoreaccount1/${body.properties.workspaceId}-blobstore/..%2f..%2fx`
    const put = await t.send('PUT', blob, 'x', { 'x-ms-blob-type': 'BlockBlob' })
    await refused(put, 400, /segment \. or \.\./)
    const model = `${t.workspace}/models/escape/versions/1`
    const properties = { modelType: 'custom_model', modelUri: '/etc/passwd' }
    await refused(await t.send('PUT', model, { properties }), 400, /path on some machine/, model)
    const location = { name: 'escape', artifact_location: 'mlflow-artifacts:/a/../../b' }
    await refused(await t.send('POST', `${mlflow}/experiments/create`, location), 400, /stay below its root/)
    for (const path of ['..%2f..%2fetc%2fpasswd', '%252e%252e%252fx', '%2fetc%2fpasswd', 'C:%5cx'])
      for (const method of ['GET', 'PUT', 'DELETE'])
        await refused(
          await t.send(method, `/api/2.0/mlflow-artifacts/artifacts/${path}`),
          400,
          /stay below its root/,
        )
  })
})

describe('what is of another workspace', () => {
  const long = (workspace: string) =>
    `azureml://subscriptions/00000000-0000-0000-0000-000000000001/resourcegroups/twinloop/workspaces/${workspace}/datastores/workspaceblobstore/paths/x`
  const its = (path: string) => `${other}/${path}`
  for (const [what, properties] of [
    ['data, by its id', () => input(its('data/private/versions/1'))],
    ['data, by azureml: and its id', () => input(`azureml:${its('data/private/versions/1')}`)],
    ['data, by a long path', () => input(long('other'))],
    [
      'data, by the GUID of the workspace',
      () => input(`azureml://locations/local/workspaces/${otherGuid}/data/private/versions/1`),
    ],
    ['blobs', () => input(`https://localhost/devstoreaccount1/${otherGuid}-blobstore/x`)],
    ['code', () => ({ codeId: its('codes/private/versions/1') })],
    ['an environment', () => ({ environmentId: its('environments/private/versions/1') })],
    ['a place for outputs', () => output(long('other'))],
  ] as const)
    it(`is not for a job: ${what}`, async () => {
      const answer = await job('trespass', properties())
      await refused(answer, 400, /workspace|does not belong/, `${t.workspace}/jobs/trespass`)
    })

  it('is not seen through MLflow: experiments, runs, models', async () => {
    const there = `/mlflow/v2.0${other}${mlflow}`
    const experiment = (await t.send('POST', `${mlflow}/experiments/create`, { name: 'ours' })).body
      .experiment_id
    const { body } = await t.send('POST', `${mlflow}/runs/create`, { experiment_id: experiment })
    const runId = body.run.info.run_id
    const metric = { run_id: runId, key: 'k', value: 1, timestamp: 1 }
    await refused(await t.send('GET', `${there}/runs/get?run_id=${runId}`), 404, /not found/)
    await refused(await t.send('POST', `${there}/runs/log-metric`, metric), 404, /not found/)
    await refused(await t.send('GET', `${there}/experiments/get?experiment_id=${experiment}`), 404, /No Exp/)
    const inOurs = await t.send('POST', `${there}/runs/create`, { experiment_id: experiment })
    await refused(inOurs, 404, /No Experiment/)
    const found = await t.send('POST', `${there}/runs/search`, { experiment_ids: [experiment] })
    assert.deepEqual(found.body.runs ?? [], [])
    const source = { name: 'stolen', source: long('other') }
    await t.send('POST', `${mlflow}/registered-models/create`, { name: 'stolen' })
    await refused(await t.send('POST', `${mlflow}/model-versions/create`, source), 403, /workspace 'other'/)
  })

  it('is out of reach of a token that is confined to one', async () => {
    const token = await t.app.platform.access.issueToken('administrator', {
      purpose: 'test',
      confinedTo: t.workspace,
    })
    const as = { authorization: `Bearer ${token}` }
    const status = async (method: string, path: string, body?: unknown) =>
      (await t.send(method, path, body, as)).status
    assert.equal(await status('GET', `${t.workspace}/data`), 200)
    assert.equal(await status('GET', `${other}/data`), 403)
    assert.equal(await status('GET', other), 403)
    assert.equal(await status('POST', `/mlflow/v2.0${other}${mlflow}/runs/search`, {}), 403)
    assert.equal(await status('GET', `/devstoreaccount1/${otherGuid}-blobstore/x`), 403)
    assert.equal(await status('GET', `/history/v1.0${other}/runs/x/details`), 403)
    assert.equal(await status('POST', '/sign-in-links', {}), 403)
    assert.equal(await status('GET', '/metrics'), 403)
  })
})

/** Sends so many bytes in chunks that are not announced; how many the server took before it answered. */
function stream(method: string, path: string, bytes: number, headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(t.app.platform.urls.http)
  const done = Promise.withResolvers<{ readonly status: number | undefined; readonly sent: number }>()
  const common = { authorization: `Bearer ${t.token}`, 'content-type': 'application/json' }
  const chunk = Buffer.alloc(256 * 1024, ' ')
  let sent = 0
  const sending = request({ hostname, port, path, method, headers: { ...common, ...headers } }, (answer) => {
    answer.resume().on('end', () => done.resolve({ status: answer.statusCode, sent }))
    sending.destroy()
    done.resolve({ status: answer.statusCode, sent })
  })
  sending.on('error', done.reject)
  const more = () => {
    while (sent < bytes && !sending.destroyed) {
      sent += chunk.length
      if (!sending.write(chunk)) return void sending.once('drain', more)
    }
    sending.end()
  }
  more()
  return done.promise
}
