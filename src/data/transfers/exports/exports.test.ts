import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { noPostgres, startPostgres, type TestPostgres } from '../../../testing/postgres.ts'
import { containerOf } from '../../containers.ts'
import { fileFormat, tableName, targetType } from './target.ts'

describe('exports', { skip: noPostgres }, () => {
  let t: TestApp
  let pg: TestPostgres
  let container: string
  before(async () => {
    ;[t, pg] = await Promise.all([startTestApp(), startPostgres()])
    container = containerOf(await t.app.platform.resources.get(t.workspace), 'blobstore')
    await t.send('PUT', `${t.workspace}/connections/db`, {
      properties: {
        category: 'PostgreSql',
        authType: 'UsernamePassword',
        target: pg.target,
        credentials: { username: pg.username, password: pg.password },
      },
    })
    await register(
      'scores',
      '1',
      'id,score,note,at\n1,0.5,"a, ""b""",2024-01-01 00:00:00\n2,nan,,2024-01-02 00:00:00\n3,-inf,"",\n',
    )
    await register('scores', '2', 'id,score,note,at\n2,0.9,new,2024-02-01 00:00:00\n4,0.1,last,\n')
  })
  after(async () => {
    await t.end()
    await pg.end()
  })

  const register = async (name: string, version: string, csv: string) => {
    const path = `up/${name}/${version}.csv`
    await t.app.platform.artifacts.put({ container, path }, Buffer.from(csv))
    const { status } = await t.send('PUT', `${t.workspace}/data/${name}/versions/${version}`, {
      properties: { dataType: 'uri_file', dataUri: `azureml://datastores/workspaceblobstore/paths/${path}` },
    })
    assert.equal(status, 201)
  }
  const idOf = (name: string) => `${t.workspace}/providers/Twinloop/dataExports/${name}`
  const run = async (name: string, properties: object) => {
    const { status, body } = await t.send('PUT', idOf(name), { properties })
    assert.equal(status, 201, JSON.stringify(body))
    await t.until(idOf(name), (p) => ['Completed', 'Failed', 'Canceled'].includes(String(p['status'])))
    return (await t.send('GET', idOf(name))).body.properties
  }
  const table = (name: string) => ({ targetType: 'database', connection: 'azureml:db', table: name })
  const completed = async (name: string, properties: object) => {
    const done = await run(name, properties)
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    return done
  }
  const files = async (path: string) =>
    (await t.app.platform.artifacts.list(container, path)).blobs.map((blob) => blob.path.slice(path.length))
  const put = async (path: string, text: string) => {
    await t.app.platform.artifacts.put({ container, path }, Buffer.from(text))
  }
  const store = 'azureml://datastores/workspaceblobstore/paths'

  test('a table is made of a version, with its types; replaced by the next', async () => {
    const done = await completed('made', { source: 'azureml:scores:1', target: table('made') })
    assert.deepEqual([done.progress.rows, done.assetId], [3, `${t.workspace}/data/scores/versions/1`])
    const rows = await pg.query('select id, score::text, note, at::text from made order by id')
    assert.deepEqual(
      rows.map((row) => Object.values(row)),
      [
        ['1', '0.5', 'a, "b"', '2024-01-01 00:00:00'],
        ['2', 'NaN', null, '2024-01-02 00:00:00'],
        ['3', '-Infinity', rows[2]?.['note'], null],
      ],
    )
    const types = await pg.query(
      `select format_type(atttypid, atttypmod) as t from pg_attribute where attrelid = 'made'::regclass and attnum > 0`,
    )
    assert.deepEqual(
      types.map(({ t: type }) => type),
      ['bigint', 'double precision', 'text', 'timestamp without time zone'],
    )
    await completed('made_again', { source: 'azureml:scores@latest', target: table('made') })
    assert.deepEqual(await pg.query('select sum(id)::int as s from made'), [{ s: 6 }])
  })

  test('appending the same version twice appends it once', async () => {
    const properties = { source: 'azureml:scores:1', target: table('public.appended'), mode: 'append' }
    await completed('append_1', properties)
    const again = await completed('append_2', properties)
    assert.deepEqual([again.alreadyExported, again.progress.rows], [true, 0])
    await completed('append_3', { ...properties, source: 'azureml:scores:2' })
    assert.deepEqual(await pg.query('select count(*)::int as n from appended'), [{ n: 5 }])
  })

  test('a schema that is not there is made, whatever it is called', async () => {
    for (const mode of ['replace', 'append', 'upsert']) {
      const target = table(`"Out ${mode}".scores`)
      await completed(`schema_${mode}`, {
        source: 'azureml:scores:2',
        target,
        mode,
        ...(mode === 'upsert' ? { keys: ['id'] } : {}),
      })
      assert.deepEqual(await pg.query(`select count(*)::int as n from "Out ${mode}".scores`), [{ n: 2 }])
    }
  })

  test('upserting takes the place of rows with the same key, and keeps what else is in the table', async () => {
    await pg.query(
      `create table kept (id bigint primary key, score float8, owner text default 'me'); insert into kept values (2, 0, 'you'), (9, 9, 'them')`,
    )
    const properties = {
      query: 'select id, score from data',
      target: table('kept'),
      mode: 'upsert',
      keys: ['id'],
    }
    await completed('upsert_1', { ...properties, source: 'azureml:scores:2' })
    assert.deepEqual(
      (await pg.query('select * from kept order by id')).map((row) => Object.values(row)),
      [
        ['2', 0.9, 'you'],
        ['4', 0.1, 'me'],
        ['9', 9, 'them'],
      ],
    )
    const twice = await run('upsert_2', {
      ...properties,
      source: 'azureml:scores:2',
      query: 'select 1 as id, 2 as score union all select 1, 3',
    })
    assert.match(twice.error.message, /2 rows have the key \(1\)/)
    const none = await run('upsert_3', {
      ...properties,
      source: 'azureml:scores:2',
      query: 'select null::int as id, 2 as score',
    })
    assert.match(none.error.message, /no value in its key/)
  })

  test('all or nothing: what fails in the middle leaves the table as it was', async () => {
    await pg.query(
      `create table strict (id bigint check (id < 3), score float8, note text, at timestamp); insert into strict values (0)`,
    )
    const failed = await run('strict', { source: 'azureml:scores:1', target: table('strict') })
    assert.equal(failed.status, 'Failed')
    assert.match(failed.error.message, /refuses: new row for relation "strict" violates check constraint/)
    assert.deepEqual(await pg.query('select count(*)::int as n from strict'), [{ n: 1 }])
    const wrong = await run('wrong', {
      source: 'azureml:scores:1',
      target: table('strict'),
      query: 'select id, score as scor from data',
    })
    assert.match(wrong.error.message, /has no column 'scor' \(it has 'score'\)/)
    const hostile = await run('hostile', {
      source: 'azureml:scores:1',
      target: table('strict'),
      query: "select 1) to '/tmp/x' --",
    })
    assert.equal(hostile.status, 'Failed')
  })

  test('files: one by its name, or a folder that holds this version and no other', async () => {
    const one = await completed('one', {
      source: 'azureml:scores:1',
      query: 'select id, note from data order by id',
      target: { targetType: 'file_system', path: `${store}/out/one.csv` },
    })
    assert.deepEqual(one.uris, [`${store}/out/one.csv`])
    assert.deepEqual(await files('out/'), ['one.csv'])
    const to = (format: string) => ({ targetType: 'file_system', path: `${store}/folder/`, format })
    await put('folder/README.md', 'stays')
    await completed('folder_1', { source: 'azureml:scores:1', target: to('jsonl') })
    await completed('folder_2', { source: 'azureml:scores:1', target: to('jsonl') })
    assert.deepEqual(await files('folder/'), ['README.md', 'scores-1-0.jsonl'])
    await completed('folder_3', { source: 'azureml:scores:2', target: to('jsonl'), mode: 'append' })
    assert.deepEqual(await files('folder/'), ['README.md', 'scores-1-0.jsonl', 'scores-2-0.jsonl'])
    await completed('folder_4', { source: 'azureml:scores:2', target: to('jsonl') })
    assert.deepEqual(await files('folder/'), ['README.md', 'scores-2-0.jsonl'])
  })

  test('is refused at once where it can be told', async () => {
    const refused = async (properties: object) => {
      const { status, body } = await t.send('PUT', idOf('refused'), {
        properties: { source: 'azureml:scores:1', ...properties },
      })
      assert.ok(status >= 400, JSON.stringify(body))
      return String(body.error.message)
    }
    assert.match(await refused({ target: table('a.b.c') }), /no name of a table/)
    assert.match(await refused({ target: table('a'), mode: 'upsert' }), /needs keys/)
    assert.match(
      await refused({ target: { targetType: 'file_system', path: 'https://example.org/x' } }),
      /Nothing can be written/,
    )
    assert.match(
      await refused({ target: { targetType: 'file_system', path: `${store}/x.csv`, format: 'parquet' } }),
      /is csv by its name/,
    )
    assert.match(await refused({ source: 'azureml:nothing:1', target: table('a') }), /nothing/)
  })
})

test('names of tables are read as SQL reads them', () => {
  assert.deepEqual(tableName('a'), { schema: undefined, name: 'a' })
  assert.deepEqual(tableName('public."My ""table"""'), { schema: 'public', name: 'My "table"' })
  for (const wrong of ['', 'a.b.c', 'a b', '.a', 'a.', 'a"b'])
    assert.throws(() => tableName(wrong), /no name of a table/)
})

test("PostgreSQL's types for DuckDB's", () => {
  const type = (duckdb: string) => targetType(duckdb).type
  assert.deepEqual(
    ['DECIMAL(10,2)', 'INTEGER[]', 'STRUCT(a INTEGER)', 'MAP(VARCHAR, INTEGER)', "ENUM('a')", 'UHUGEINT'].map(
      type,
    ),
    ['numeric(10,2)', 'jsonb', 'jsonb', 'jsonb', 'text', 'numeric(39)'],
  )
  assert.deepEqual(fileFormat({ targetType: 'file_system', path: 'a/b.ndjson' }), {
    format: 'jsonl',
    isFile: true,
  })
})
