import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'

let t: TestApp
const root = mkdtempSync(join(tmpdir(), 'twinloop-'))

before(async () => {
  mkdirSync(join(root, 'months'))
  writeFileSync(join(root, 'flights.csv'), 'carrier,delay,note\nAA,1.5,x\nUA,NaN,\nB6,-3,"a,b"\n')
  writeFileSync(join(root, 'months', '1.csv'), 'carrier,delay\nAA,1\n')
  writeFileSync(join(root, 'months', '2.csv'), 'carrier,delay\nAA,2\nUA,4\n')
  writeFileSync(join(root, 'broken.csv'), 'a,b\n1\n')
  writeFileSync(
    join(root, 'carriers.jsonl'),
    '{"carrier":"AA","name":"American"}\n{"carrier":"UA","name":"United"}\n',
  )
  t = await startTestApp({ dataRoots: root })
  const put = (path: string, properties: object) => t.send('PUT', `${t.workspace}/${path}`, { properties })
  await put('datastores/lake', { datastoreType: 'LocalFolder', path: root })
  const at = (path: string) => `azureml://datastores/lake/paths/${path}`
  await put('data/flights/versions/1', { dataType: 'uri_file', dataUri: at('flights.csv') })
  await put('data/flights/versions/2', { dataType: 'uri_file', dataUri: at('months/2.csv') })
  await put('data/by-month/versions/1', { dataType: 'uri_folder', dataUri: at('months/') })
  await put('data/carriers/versions/1', { dataType: 'uri_file', dataUri: at('carriers.jsonl') })
  await put('data/broken/versions/1', { dataType: 'uri_file', dataUri: at('broken.csv') })
})
after(async () => {
  await t.end()
  rmSync(root, { recursive: true, force: true })
})

const post = async (path: string, body: object) => {
  const { status, body: answer } = await t.send('POST', `${t.workspace}${path}`, body)
  return { status, ...answer, message: (answer.error?.message ?? '') as string }
}
const ask = (sql: string, more: object = {}) => post('/queryData', { sql, ...more })

test('what would change something is refused in words of its own', async () => {
  for (const sql of ['delete from flights', '-- all\n DROP table flights', "copy flights to 'x.csv'"]) {
    const { status, message } = await ask(sql)
    assert.equal(status, 400)
    assert.match(message, /^'(?:delete|DROP|copy)' is no question: data are only read here/)
  }
})

test('a question ends when nobody waits for its answer any more', async () => {
  // One session at once, so that the next question shows that the first has ended.
  const one = await startTestApp({ analyticsSessions: 1 })
  const gone = new AbortController()
  const endless = 'select count(*) from range(10000000000000) t(i) where hash(i) = 1'
  const asked = Promise.withResolvers<void>()
  const { analytics } = one.app.platform
  const session = analytics.session.bind(analytics)
  analytics.session = (options, use) =>
    session(options, (open) =>
      use({
        ...open,
        select(sql, most) {
          if (sql === endless) asked.resolve()
          return open.select(sql, most)
        },
      }),
    )
  const left = fetch(`${one.app.platform.urls.http}${one.workspace}/queryData`, {
    method: 'POST',
    headers: { authorization: `Bearer ${one.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ sql: endless }),
    signal: gone.signal,
  })
  await asked.promise
  gone.abort()
  await assert.rejects(left, /aborted/)
  const { body } = await one.send('POST', `${one.workspace}/queryData`, { sql: 'select 7' })
  assert.deepEqual(body.rows, [[7]])
  await one.end()
})

describe('a version', () => {
  test('is previewed: rows, types and whether there are more', async () => {
    const { columns, rows, truncated, tables } = await post('/data/flights/versions/1/preview', { limit: 2 })
    assert.deepEqual(columns, [
      { name: 'carrier', type: 'VARCHAR' },
      { name: 'delay', type: 'DOUBLE' },
      { name: 'note', type: 'VARCHAR' },
    ])
    assert.deepEqual(rows, [
      ['AA', 1.5, 'x'],
      ['UA', 'NaN', null],
    ])
    assert.equal(truncated, true)
    assert.equal(tables.data.format, 'csv')
    assert.equal(tables.data.files, 1)
  })

  test('is previewed from somewhere, in some columns', async () => {
    const { rows, truncated } = await post('/data/flights/versions/1/preview', {
      offset: 1,
      columns: ['note', 'carrier'],
    })
    assert.deepEqual(rows, [
      [null, 'UA'],
      ['a,b', 'B6'],
    ])
    assert.equal(truncated, false)
    const wrong = await post('/data/flights/versions/1/preview', { columns: ['delai'] })
    assert.equal(wrong.status, 400)
    assert.match(wrong.message, /There is no column 'delai'\. Did you mean 'delay'\?/)
  })

  test('is asked of as data, with others by their names', async () => {
    const { rows } = await post('/data/flights/versions/1/query', {
      sql: 'select data.carrier, name, other.delay from data left join carriers using (carrier) left join other using (carrier) order by 1',
      tables: { other: 'azureml:by-month:1' },
    })
    assert.deepEqual(rows, [
      ['AA', 'American', 1],
      ['AA', 'American', 2],
      ['B6', null, null],
      ['UA', 'United', 4],
    ])
  })

  test('that cannot be read says where', async () => {
    const { status, message } = await post('/data/broken/versions/1/preview', {})
    assert.equal(status, 400)
    assert.match(message, /^broken\.csv:2 has 1 field where 2 are expected/)
    assert.ok(!message.includes(root))
  })
})

describe('a question names assets', () => {
  for (const [sql, rows] of [
    ['select count(*) from flights', [[2]]],
    ['select count(*) from "flights:1"', [[3]]],
    ['select count(*) from flights:1', [[3]]],
    ['select count(*) from flights@latest f where f.delay > 2', [[1]]],
    ['select count(*) from by-month', [[3]]],
    ['select count(*) from FLIGHTS, by-month:1', [[6]]],
    ['with flights as (select 1 as x) select * from flights', [[1]]],
    ['with flights as (select * from flights) select count(*) from flights', [[2]]],
    ['select count(*) from "azureml://datastores/lake/paths/months/1.csv"', [[1]]],
    ['select column_name from (describe carriers)', [['carrier'], ['name']]],
    ['select 42', [[42]]],
  ] as const)
    test(sql, async () => {
      const answer = await ask(sql)
      assert.equal(answer.message, '')
      assert.deepEqual(answer.rows, rows)
    })

  for (const [sql, status, message] of [
    [
      'select * from flihgts',
      404,
      /There is no data asset 'flihgts'\. Did you mean 'flights'\?\n\nLINE 1: select \* from flihgts\n {22}\^/,
    ],
    ['select * from "flights:9"', 404, /flights.*versions.*9|'9'/],
    [
      'select dely from flights',
      400,
      /There is no column 'dely'\. Did you mean 'delay'\?\n\nLINE 1: select dely from flights\n {15}\^/,
    ],
    ['select from where', 400, /syntax error at or near "where"\n\nLINE 1: select from where\n {20}\^/],
    ['select 1; drop table x', 400, /.+/],
    ["copy flights to '/tmp/x.csv'", 400, /.+/],
    [
      "select * from read_csv('/etc/passwd')",
      400,
      /^'\/etc\/passwd' cannot be read here, only the workspace's data/,
    ],
    [
      "select * from read_text('/etc/passwd')",
      400,
      /^'\/etc\/passwd' cannot be read here, [^\n]+"azureml:\/\/datastores\/…"\)\.\n\nLINE 1: [^\n]+\n {22}\^$/,
    ],
    ["select * from '/etc/passwd'", 404, /There is no data asset '\/etc\/passwd'/],
    ['', 400, /sql/],
  ] as const)
    test(`${sql}: refused`, async () => {
      const answer = await ask(sql)
      assert.equal(answer.status, status, answer.message)
      assert.match(answer.message, message)
    })

  test('and the answer is cut at the limit', async () => {
    const { rows, truncated } = await ask('select * from range(100)', { limit: 3 })
    assert.deepEqual([rows.length, truncated], [3, true])
    assert.equal((await ask('select 1', { limit: 100_000 })).status, 400)
  })

  test('huge numbers, times and nested values arrive as they are', async () => {
    const { rows } = await ask(
      "select 9007199254740993, 'inf'::double, 1.10::decimal(9,2), date '2013-01-31', [1, 2], {'a': null}",
    )
    assert.deepEqual(rows, [['9007199254740993', 'Infinity', '1.10', '2013-01-31', [1, 2], { a: null }]])
  })
})

describe('a path is previewed without an asset', () => {
  test('of a datastore', async () => {
    const { rows } = await post('/previewData', {
      reference: 'azureml://datastores/lake/paths/months/',
      limit: 1,
    })
    assert.deepEqual(rows, [['AA', 1]])
  })

  test('and no link leads out of its folder', async () => {
    mkdirSync(join(root, 'links'))
    writeFileSync(join(root, 'links', 'own.csv'), 'a\n1\n')
    symlinkSync('/etc/hostname', join(root, 'links', 'secret.csv'))
    const { rows, tables } = await post('/previewData', {
      reference: 'azureml://datastores/lake/paths/links',
    })
    assert.deepEqual(rows, [[1]])
    assert.equal(tables.data.files, 1)
  })
})
