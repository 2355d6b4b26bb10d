import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../testing/app.ts'

let server: TestApp
before(async () => {
  server = await startTestApp()
})
after(() => server.end())

const api = '/api/2.0/mlflow'
const post = (path: string, body: object, headers?: Record<string, string>) =>
  server.send('POST', `${api}/${path}`, body, headers)
const get = (path: string, query: Record<string, string>) =>
  server.send('GET', `${api}/${path}?${new URLSearchParams(query).toString()}`)

async function ok<T>(answer: Promise<{ status: number; body: T }>): Promise<T> {
  const { status, body } = await answer
  assert.ok(status < 300, JSON.stringify(body))
  return body
}

async function failed(answer: Promise<{ status: number; body: { error_code: string; message: string } }>) {
  const { status, body } = await answer
  return [status, body.error_code, body.message] as const
}

async function newRun(body: object = {}): Promise<string> {
  return (await ok(post('runs/create', body))).run.info.run_id
}

test('an experiment is made once, found by name, renamed, deleted and restored', async () => {
  const missing = await failed(get('experiments/get-by-name', { experiment_name: 'flights' }))
  assert.deepEqual(missing.slice(0, 2), [404, 'RESOURCE_DOES_NOT_EXIST'])
  const { experiment_id: id } = await ok(
    post('experiments/create', { name: 'flights', tags: [{ key: 'a', value: 'b' }] }),
  )
  assert.deepEqual((await failed(post('experiments/create', { name: 'flights' }))).slice(0, 2), [
    400,
    'RESOURCE_ALREADY_EXISTS',
  ])
  const { experiment } = await ok(get('experiments/get-by-name', { experiment_name: 'flights' }))
  assert.equal(experiment.experiment_id, id)
  assert.deepEqual(experiment.tags, [{ key: 'a', value: 'b' }])
  await ok(post('experiments/update', { experiment_id: id, new_name: 'late flights' }))
  const run = await newRun({ experiment_id: id })
  await ok(post('experiments/delete', { experiment_id: id }))
  assert.equal((await ok(get('runs/get', { run_id: run }))).run.info.lifecycle_stage, 'deleted')
  assert.equal((await failed(post('runs/create', { experiment_id: id })))[1], 'INVALID_PARAMETER_VALUE')
  await ok(post('experiments/restore', { experiment_id: id }))
  assert.equal((await ok(get('runs/get', { run_id: run }))).run.info.lifecycle_stage, 'active')
  const found = await ok(post('experiments/search', { filter: "name ILIKE 'LATE%' AND tags.a = 'b'" }))
  assert.deepEqual(
    found.experiments.map((e: { experiment_id: string }) => e.experiment_id),
    [id],
  )
})

test('the default experiment is there, with id 0', async () => {
  assert.equal((await ok(get('experiments/get', { experiment_id: '0' }))).experiment.name, 'Default')
})

test('a run keeps the latest point of a metric, by step, time and value', async () => {
  const run_id = await newRun({ run_name: 'first', user_id: 'ada' })
  const points = [
    { key: 'auc', value: 0.7, timestamp: 5, step: 2 },
    { key: 'auc', value: 0.9, timestamp: 9, step: 1 },
    { key: 'auc', value: 0.8, timestamp: 5, step: 2 },
  ]
  await ok(post('runs/log-batch', { run_id, metrics: points, params: [{ key: 'depth', value: '3' }] }))
  await ok(post('runs/log-metric', { run_id, ...points[1] }))
  await ok(post('runs/set-tag', { run_id, key: 'mlflow.runName', value: 'renamed' }))
  const { run } = await ok(get('runs/get', { run_id }))
  assert.deepEqual(run.data.metrics, [points[2]])
  assert.deepEqual(run.data.params, [{ key: 'depth', value: '3' }])
  assert.equal(run.info.run_name, 'renamed')
  assert.equal(run.info.artifact_uri, `mlflow-artifacts:/ExperimentRun/dcid.${run_id}`)
  const history = await ok(get('metrics/get-history', { run_id, metric_key: 'auc', max_results: '2' }))
  assert.deepEqual(history.metrics, [points[0], points[2]])
  const rest = await ok(
    get('metrics/get-history', { run_id, metric_key: 'auc', page_token: history.next_page_token }),
  )
  assert.deepEqual(rest.metrics, [points[1]])
})

test('numbers that JSON has no word for survive', async () => {
  const run_id = await newRun()
  for (const value of ['NaN', 'Infinity', '-Infinity'])
    await ok(post('runs/log-metric', { run_id, key: value, value, timestamp: '1', step: '0' }))
  const { run } = await ok(get('runs/get', { run_id }))
  assert.deepEqual(
    run.data.metrics.map((m: { value: unknown }) => m.value),
    [-Number.MAX_VALUE, Number.MAX_VALUE, 'NaN'].sort((a, b) => String(a).localeCompare(String(b))),
  )
})

test('a parameter may be logged again with its value, and never with another', async () => {
  const run_id = await newRun()
  await ok(post('runs/log-parameter', { run_id, key: 'depth', value: '3' }))
  await ok(post('runs/log-parameter', { run_id, key: 'depth', value: '3' }))
  const [status, code, message] = await failed(
    post('runs/log-batch', {
      run_id,
      params: [{ key: 'depth', value: '4' }],
      metrics: [{ key: 'm', value: 1, timestamp: 1 }],
    }),
  )
  assert.deepEqual([status, code], [400, 'INVALID_PARAMETER_VALUE'])
  assert.match(message, /Changing param values is not allowed.*'depth'.*value='3'.*'4'/)
  assert.equal((await ok(get('runs/get', { run_id }))).run.data.metrics, undefined)
})

test('bad requests say what is wrong', async () => {
  const run_id = await newRun()
  const cases: [
    Promise<{ status: number; body: { error_code: string; message: string } }>,
    number,
    RegExp,
  ][] = [
    [
      post('runs/log-metric', { run_id, value: 1, timestamp: 1 }),
      400,
      /Missing value for required parameter 'key'/,
    ],
    [
      post('runs/log-metric', { run_id, key: 'a', value: 'x', timestamp: 1 }),
      400,
      /Invalid value "x" for parameter 'value'/,
    ],
    [
      post('runs/log-metric', { run_id, key: '../a', value: 1, timestamp: 1 }),
      400,
      /Names may be treated as files/,
    ],
    [post('runs/log-metric', { run_id, key: 'a$', value: 1, timestamp: 1 }), 400, /Names may only contain/],
    [
      post('runs/log-metric', { run_id: 'none', key: 'a', value: 1, timestamp: 1 }),
      404,
      /Run with id=none not found/,
    ],
    [
      post('runs/log-batch', { run_id, metrics: [{ key: 'a', value: 1, timestamp: 1.5 }] }),
      400,
      /metrics\[0\]\.timestamp/,
    ],
    [
      post('runs/log-batch', {
        run_id,
        metrics: Array.from({ length: 1001 }, () => ({ key: 'a', value: 1, timestamp: 1 })),
      }),
      400,
      /at most 1000 metrics/,
    ],
    [post('runs/create', { experiment_id: '999' }), 404, /No Experiment with id=999 exists/],
    [post('runs/search', { experiment_ids: ['0'], filter: "metric.a > 'x'" }), 400, /expected a number/],
    [post('runs/search', { experiment_ids: ['0'], page_token: 'zzz' }), 400, /Invalid page token/],
    [post('runs/search', { experiment_ids: ['0'], max_results: 50_001 }), 400, /max_results/],
    [post('runs/update', { run_id, status: 'DONE' }), 400, /expected one of RUNNING/],
    [post('runs/create', {}, { 'content-type': 'text/plain' }), 400, /Content-Type must be one of/],
    [server.send('POST', `${api}/runs/create`, '{"a":'), 400, /not JSON/],
    [post('runs/create', {}, { authorization: 'Bearer nobody' }), 401, /token is not known/],
  ]
  for (const [answer, status, message] of cases) {
    const { status: got, body } = await answer
    assert.equal(got, status, JSON.stringify(body))
    assert.match(body.message, message)
  }
})

test('writes to a deleted run are refused until it is restored', async () => {
  const run_id = await newRun()
  await ok(post('runs/delete', { run_id }))
  const [status, , message] = await failed(
    post('runs/log-metric', { run_id, key: 'a', value: 1, timestamp: 1 }),
  )
  assert.equal(status, 400)
  assert.match(message, /must be in the 'active' state/)
  await ok(post('runs/restore', { run_id }))
  await ok(post('runs/log-metric', { run_id, key: 'a', value: 1, timestamp: 1 }))
})

test('artifacts go through the proxy and are listed below their run', async () => {
  const run_id = await newRun()
  const root = `/api/2.0/mlflow-artifacts/artifacts/ExperimentRun/dcid.${run_id}`
  const bytes = { 'content-type': 'application/octet-stream' }
  await ok(server.send('PUT', `${root}/model/MLmodel`, 'flavors: {}', bytes))
  await ok(server.send('PUT', `${root}/notes%20a.txt`, 'hello', bytes))
  const { files } = await ok(get('artifacts/list', { run_id }))
  assert.deepEqual(files, [
    { path: 'model', is_dir: true },
    { path: 'notes a.txt', is_dir: false, file_size: 5 },
  ])
  assert.deepEqual((await ok(get('artifacts/list', { run_id, path: 'model' }))).files, [
    { path: 'model/MLmodel', is_dir: false, file_size: 11 },
  ])
  assert.equal((await ok(server.send('GET', `${root}/model/MLmodel`))) as unknown, 'flavors: {}')
  const listed = await ok(
    server.send('GET', `/api/2.0/mlflow-artifacts/artifacts?path=ExperimentRun/dcid.${run_id}`),
  )
  assert.deepEqual(listed.files[0], { path: 'model', is_dir: true })
  const attachment = await server.send('GET', `/get-artifact?run_id=${run_id}&path=notes%20a.txt`)
  assert.equal(attachment.body, 'hello')
  assert.match(attachment.headers.get('content-disposition') ?? '', /^attachment/)
  for (const bad of ['..%2F..%2Fetc', '%252e%252e/x', 'a%5Cb'])
    assert.equal((await server.send('PUT', `${root}/${bad}`, 'x')).status, 400, bad)
  await ok(server.send('DELETE', `${root}/model`))
  assert.equal((await server.send('GET', `${root}/model/MLmodel`)).status, 404)
  const mpu = await server.send('POST', `/api/2.0/mlflow-artifacts/mpu/create/x`, { path: 'x', num_parts: 2 })
  assert.equal(mpu.status, 501)
  assert.match(mpu.body.message, /^Multipart upload is not supported for the current artifact repository/)
})

test('the same API stands below every workspace, and each sees its own', async () => {
  const other = server.workspace.replace(/[^/]+$/, 'other')
  assert.equal(
    (await server.send('GET', `/mlflow/v2.0${other}${api}/experiments/get?experiment_id=0`)).status,
    404,
  )
  await server.send('PUT', other, { properties: {} })
  const at = (version: string, scope: string) => `/mlflow/${version}${scope}${api}`
  const created = await ok(server.send('POST', `${at('v2.0', other)}/experiments/create`, { name: 'mine' }))
  assert.equal(created.experiment_id, '1')
  const seen = await ok(
    server.send('GET', `${at('v1.0', other)}/experiments/get-by-name?experiment_name=mine`),
  )
  assert.equal(seen.experiment.experiment_id, '1')
  assert.equal((await get('experiments/get-by-name', { experiment_name: 'mine' })).status, 404)
})

test('runs are found, ordered and paged', async () => {
  const { experiment_id } = await ok(post('experiments/create', { name: 'search' }))
  const ids: string[] = []
  for (const [i, auc] of [0.5, Number.NaN, 0.9, undefined].entries()) {
    const run_id = await newRun({ experiment_id, start_time: 1000 + i, run_name: `r${i}` })
    ids.push(run_id)
    if (auc !== undefined)
      await ok(
        post('runs/log-metric', { run_id, key: 'auc', value: Number.isNaN(auc) ? 'NaN' : auc, timestamp: 1 }),
      )
  }
  const search = async (body: object) =>
    (await ok(post('runs/search', { experiment_ids: [experiment_id], ...body }))).runs.map(
      (r: { info: { run_name: string } }) => r.info.run_name,
    )
  assert.deepEqual(await search({}), ['r3', 'r2', 'r1', 'r0'])
  assert.deepEqual(await search({ order_by: ['metrics.auc DESC'] }), ['r2', 'r0', 'r1', 'r3'])
  assert.deepEqual(await search({ order_by: ['metrics.auc'] }), ['r0', 'r2', 'r1', 'r3'])
  assert.deepEqual(await search({ filter: 'metrics.auc >= 0.5' }), ['r2', 'r0'])
  assert.deepEqual(await search({ filter: `run_id IN ('${ids[0]}', '${ids[3]}')` }), ['r3', 'r0'])
  for (const order_by of [[], ['metrics.auc DESC']]) {
    const all: string[] = []
    for (let page_token: string | undefined = ''; page_token !== undefined;) {
      const page: { runs: { info: { run_name: string } }[]; next_page_token?: string } = await ok(
        post('runs/search', { experiment_ids: [experiment_id], max_results: 1, order_by, page_token }),
      )
      all.push(...page.runs.map((r) => r.info.run_name))
      page_token = page.next_page_token
    }
    assert.equal(all.length, 4)
    assert.equal(new Set(all).size, 4)
  }
})

test('who may only read may not log, and who has no role sees nothing', async () => {
  const { platform } = server.app
  const principal = '/providers/Twinloop/servicePrincipals/onlooker'
  const { properties } = await ok(server.send('PUT', principal, { properties: {} }))
  const token = await platform.access.issueToken(properties.principalId, { purpose: 'test' })
  const as = { authorization: `Basic ${Buffer.from(`anyone:${token}`).toString('base64')}` }
  const run_id = await newRun()
  const read = () => server.send('GET', `${api}/runs/get?run_id=${run_id}`, undefined, as)
  const [status, code] = await failed(read())
  assert.deepEqual([status, code], [403, 'PERMISSION_DENIED'])
  const assignment = `${server.workspace}/providers/Microsoft.Authorization/roleAssignments/11111111-0000-0000-0000-000000000001`
  await ok(
    server.send('PUT', assignment, {
      properties: { roleDefinitionId: 'Reader', principalId: properties.principalId },
    }),
  )
  await ok(read())
  const write = await post('runs/log-metric', { run_id, key: 'a', value: 1, timestamp: 1 }, as)
  assert.deepEqual([write.status, write.body.error_code], [403, 'PERMISSION_DENIED'])
  assert.match(write.body.message, /experiments\/runs\/write/)
  const path = `/api/2.0/mlflow-artifacts/artifacts/ExperimentRun/dcid.${run_id}/x`
  assert.equal((await server.send('PUT', path, 'x', as)).status, 403)
  assert.equal((await server.send('GET', path, undefined, as)).status, 404)
})

test('a browser is led from the address that MLflow prints to the front page', async () => {
  for (const slash of ['', '/']) {
    const answer = await server.send('GET', `/mlflow/v2.0${server.workspace}${slash}`)
    assert.deepEqual([answer.status, answer.headers.get('location')], [302, '/'])
  }
})

test('runs are counted, their names listed and their histories summarized, by who may read them', async () => {
  const { experiment_id: id } = await ok(post('experiments/create', { name: 'summarized' }))
  const [run] = [
    await newRun({ experiment_id: id, start_time: 1_700_000_000_000 }),
    await newRun({ experiment_id: id }),
  ]
  const metrics = Array.from({ length: 50 }, (_, step) => ({
    key: 'loss',
    value: step,
    timestamp: step,
    step,
  }))
  await ok(post('runs/log-batch', { run_id: run, metrics, params: [{ key: 'depth', value: '3' }] }))
  const ask = (action: string, body: object) => server.send('POST', `${server.workspace}/${action}`, body)
  const all = await ok(ask('summarizeRuns', { experimentIds: [id], names: true }))
  assert.deepEqual([all.count, all.looksAt], [2, 2])
  assert.deepEqual(all.params, [{ name: 'depth', runs: 1, varies: true }])
  const old = await ok(ask('summarizeRuns', { experimentIds: [id], filter: "params.depth = '3'" }))
  assert.deepEqual(old, { count: 1, newest: '2023-11-14T22:13:20.000Z' })
  const wrong = await ask('summarizeRuns', { experimentIds: [id], filter: 'metrics.loss >' })
  assert.equal(wrong.status, 400)
  const { value } = await ok(ask('summarizeMetrics', { runIds: [run, 'none'], metric: 'loss', points: 5 }))
  assert.deepEqual(
    value.map((one: { runId: string; total: number; points: unknown[] }) => [
      one.runId,
      one.total,
      one.points[0],
    ]),
    [[run, 50, { step: 0, timestamp: 0, value: 4.5, min: 0, max: 9, points: 10 }]],
  )
  assert.equal((await ask('summarizeMetrics', { runIds: [run], metric: 'loss', from: 1 })).status, 400)
})
