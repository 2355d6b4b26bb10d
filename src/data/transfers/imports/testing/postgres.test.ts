import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../../testing/app.ts'
import { noPostgres, startPostgres, type TestPostgres } from '../../../../testing/postgres.ts'
import { withTables } from '../../../tables/with-tables.ts'

describe('imports from PostgreSQL', { skip: noPostgres }, () => {
  let t: TestApp
  let pg: TestPostgres
  before(async () => {
    ;[t, pg] = await Promise.all([startTestApp(), startPostgres()])
    await connect('db', pg.target)
  })
  after(async () => {
    await t.end()
    await pg.end()
  })

  const connect = async (name: string, target: string, password = pg.password) => {
    const { status, body } = await t.send('PUT', `${t.workspace}/connections/${name}`, {
      properties: {
        category: 'PostgreSql',
        authType: 'UsernamePassword',
        target,
        credentials: { username: pg.username, password },
      },
    })
    assert.equal(status, 200, JSON.stringify(body))
  }
  const idOf = (name: string) => `${t.workspace}/providers/Twinloop/dataImports/${name}`
  const put = (name: string, properties: object) => t.send('PUT', idOf(name), { properties })
  const ended = (p: Record<string, unknown>) =>
    ['Completed', 'Failed', 'Canceled'].includes(String(p['status']))
  const database = (query: string, connection = 'azureml:db') => ({
    sourceType: 'database',
    connection,
    query,
  })
  /** Asks for an import and waits for its end. */
  const run = async (name: string, properties: object) => {
    const { status, body } = await put(name, properties)
    assert.equal(status, 201, JSON.stringify(body))
    await t.until(idOf(name), ended)
    return (await t.send('GET', idOf(name))).body.properties
  }
  const uriOf = async (assetId: string) =>
    String((await t.send('GET', assetId)).body.properties.dataUri).replace(/\/$/, '')
  const content = async (assetId: string, sql: string) => {
    const references = { t: await uriOf(assetId) }
    return withTables(
      t.app.platform,
      t.workspace,
      references,
      async (session) => (await session.all(sql)).rows,
    )
  }

  test('a query becomes a version, with every type as it is', async () => {
    await pg.query(`
      create type mood as enum ('glad', 'sad');
      create table kinds (i2 smallint, i4 integer, i8 bigint, n numeric(20,4), huge numeric, f4 real, f8 double precision,
        b boolean, s text, c char(3), j jsonb, u uuid, y bytea, d date, ts timestamp, tz timestamptz, tm time, iv interval,
        ai integer[], at text[], an numeric(8,2)[], m mood, ip inet);
      insert into kinds values
        (1, -2, 9223372036854775807, 1234567890123456.7891, 123456789012345678901234567890.5, 1.5, 'NaN', true, E'a,"b"\\n''c''', 'x',
         '{"a": [1, null]}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '\\x00ff10', '2024-02-29', '2024-02-29 12:34:56.789012',
         '2024-02-29 12:34:56+02', '23:59:59.5', '1 day 02:00', '{1,null,3}', '{"a,b",NULL,"c\\"d",""}', '{1.50,-2}', 'glad', '10.0.0.1/8'),
        (null, null, null, null, null, null, 'Infinity', false, '', null, 'null', null, '\\x', '0044-03-15 BC', null, null, null, null, '{}', null, null, null, null),
        (null, null, null, null, null, null, '-Infinity', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    `)
    const done = await run('kinds_1', {
      assetName: 'kinds',
      source: database('select * from kinds -- all of it\n;'),
    })
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    const { edges } = (await t.send('POST', `${done.assetId}/lineage`, { direction: 'up' })).body
    assert.deepEqual(
      edges.map((edge: { kind: string; from: string }) => [edge.kind, edge.from]),
      [['imported', `${t.workspace}/connections/db`]],
    )
    assert.deepEqual([done.progress.rows, done.progress.parts], [3, 1])
    assert.equal(done.warnings.length, 1)
    assert.match(done.warnings[0], /'huge' is numeric, .* kept as DOUBLE/)
    assert.equal(done.assetId, `${t.workspace}/data/kinds/versions/1`)
    const made = (await t.send('GET', done.assetId)).body
    assert.deepEqual(made.properties.origin, {
      kind: 'import',
      by: made.systemData.createdBy,
      import: 'kinds_1',
    })
    const claim = {
      dataType: 'uri_folder',
      dataUri: 'azureml://datastores/workspaceblobstore/paths/x/',
      properties: { 'twinloop.import': 'kinds_1' },
    }
    const claimed = await t.send('PUT', `${t.workspace}/data/claimed/versions/1`, { properties: claim })
    assert.equal(claimed.body.properties.origin.kind, 'path')
    const types = await content(done.assetId, 'select column_type from (describe t)')
    assert.deepEqual(
      types.map(([type]) => type),
      [
        'SMALLINT',
        'INTEGER',
        'BIGINT',
        'DECIMAL(20,4)',
        'DOUBLE',
        'FLOAT',
        'DOUBLE',
        'BOOLEAN',
        'VARCHAR',
        'VARCHAR',
        'JSON',
        'UUID',
        'BLOB',
        'DATE',
        'TIMESTAMP',
        'TIMESTAMP WITH TIME ZONE',
        'TIME',
        'VARCHAR',
        'INTEGER[]',
        'VARCHAR[]',
        'DECIMAL(8,2)[]',
        'VARCHAR',
        'VARCHAR',
      ],
    )
    const [first, second, third] = await content(done.assetId, 'select * from t order by f8 desc')
    assert.deepEqual(first, [
      1,
      -2,
      '9223372036854775807',
      '1234567890123456.7891',
      1.2345678901234568e29,
      1.5,
      Number.NaN,
      true,
      `a,"b"\n'c'`,
      'x',
      '{"a": [1, null]}',
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      'AP8Q',
      '2024-02-29',
      '2024-02-29T12:34:56.789012',
      '2024-02-29T10:34:56Z',
      '23:59:59.5',
      'P1DT2H',
      [1, null, 3],
      ['a,b', null, 'c"d', ''],
      ['1.50', '-2.00'],
      'glad',
      '10.0.0.1/8',
    ])
    assert.deepEqual(
      [second?.[6], second?.[8], second?.[10], second?.[12], second?.[13], second?.[18]],
      [Number.POSITIVE_INFINITY, '', 'null', '', '0044-03-15 (BC)', []],
    )
    assert.deepEqual(
      third?.filter((cell) => cell !== null),
      [Number.NEGATIVE_INFINITY],
    )
  })

  test('an incremental import adds what is new, and every version is whole', async () => {
    await pg.query(
      'create table trips as select i as id, i % 3 as k, now() as at from generate_series(1, 1000) i',
    )
    const properties = {
      assetName: 'trips',
      source: database('select id, k from trips'),
      incremental: { column: 'id' },
    }
    const first = await run('trips_1', properties)
    assert.deepEqual(
      [first.status, first.watermark, first.progress.rows],
      ['Completed', '1000', 1000],
      JSON.stringify(first.error),
    )
    assert.equal(first.progress.totalRows, 1000)
    const nothing = await run('trips_2', properties)
    assert.deepEqual(
      [nothing.status, nothing.progress.rows, nothing.assetId],
      ['Completed', 0, first.assetId],
    )
    await pg.query(
      'insert into trips select i, 0, now() from generate_series(1001, 1500) i; insert into trips values (null, 1, now())',
    )
    const second = await run('trips_3', properties)
    assert.deepEqual(
      [second.status, second.watermark, second.progress.rows],
      ['Completed', '1500', 500],
      JSON.stringify(second.error),
    )
    assert.deepEqual(second.warnings, ["1 row has no value in 'id' and is left out."])
    assert.match(second.assetId, /versions\/2$/)
    assert.deepEqual(await content(second.assetId, 'select count(*), count(distinct id), max(id) from t'), [
      [1500, 1500, 1500],
    ])
    assert.deepEqual(await content(first.assetId, 'select count(*) from t'), [[1000]])
    const { body: version } = await t.send('GET', second.assetId)
    assert.equal(version.properties.properties['twinloop.import.rows'], '1500')
    await pg.query('alter table trips add column fare numeric(8,2)')
    const changed = await run('trips_4', { ...properties, source: database('select * from trips') })
    assert.equal(changed.status, 'Failed')
    assert.match(changed.error.message, /other columns than version 2 has: 'at' is new; 'fare' is new/)
    const full = await run('trips_5', { ...properties, source: database('select * from trips'), full: true })
    assert.deepEqual([full.status, full.progress.rows], ['Completed', 1500], JSON.stringify(full.error))
    assert.match(full.warnings.join(), /other than those of version 2/)
    const other = await run('trips_6', { ...properties, incremental: { column: 'k' } })
    assert.match(other.error.message, /was imported by column 'id'; going on by 'k' could lose rows/)
  })

  test('what cannot be imported says why, and leaves no version', async () => {
    await pg.query("create table odd (price numeric(8,2)); insert into odd values (1), ('NaN')")
    const failing = async (name: string, query: string, more: object = {}) => {
      const done = await run(name, { assetName: name, source: database(query), ...more })
      assert.equal(done.status, 'Failed', query)
      assert.equal((await t.send('GET', `${t.workspace}/data/${name}`)).status, 404)
      return String(done.error.message)
    }
    assert.match(
      await failing('bad_1', 'select * from nothing'),
      /refuses: relation "nothing" does not exist \(at character/,
    )
    assert.match(await failing('bad_2', 'delete from odd'), /refuses: syntax error/)
    assert.match(await failing('bad_3', 'select 1; drop table odd'), /cannot insert multiple commands/)
    assert.match(await failing('bad_4', 'select 1 as a, 2 as "A"'), /two columns named 'a' and 'A'/)
    assert.match(
      await failing('bad_5', 'select price from odd'),
      /Column 'price' is numeric\(8,2\), and its value "NaN" is no DECIMAL\(8,2\)/,
    )
    assert.match(await failing('bad_6', 'select 1) to stdout; --'), /refuses: syntax error/)
    assert.match(
      await failing('bad_7', 'select pg_sleep(60)', { timeout: 0.2 }),
      /ended the query: canceling statement due to statement timeout/,
    )
    assert.match(
      await failing('bad_8', 'select 1 as a', { incremental: { column: 'b' } }),
      /no column 'b' to import by; did you mean 'a'/,
    )
    assert.equal((await pg.query('select count(*)::int as n from odd'))[0]?.['n'], 2)
    await connect('wrong', pg.target, 'guess')
    const refused = await run('bad_9', { assetName: 'bad', source: database('select 1', 'azureml:wrong') })
    assert.match(refused.error.message, /does not let user 'twinloop' in: password authentication failed/)
    assert.ok(!JSON.stringify(refused).includes('guess'))
  })

  test('is refused at once where it can be told', async () => {
    const refused = async (properties: object) => {
      const { status, body } = await put('refused', { assetName: 'refused', ...properties })
      assert.ok(status >= 400, JSON.stringify(body))
      return String(body.error.message)
    }
    await t.send('PUT', `${t.workspace}/connections/snow`, {
      properties: { category: 'Snowflake', authType: 'None', target: 'x' },
    })
    assert.match(
      await refused({ source: database('select 1', 'azureml:snow') }),
      /of type Snowflake: PostgreSQL, MySQL, MariaDB and SQLite are read .* \(copy into @stage .* type file_system/,
    )
    assert.match(await refused({ source: database('select 1', 'azureml:dd') }), /connection 'dd'/)
    assert.match(
      await refused({ source: { sourceType: 'database', connection: 'db' } }),
      /needs source.query/,
    )
    assert.match(
      await refused({ source: database('select 1'), dataUri: 'https://example.org/x' }),
      /no place for an import/,
    )
    assert.match(
      await refused({ source: database('select 1'), dataUri: 'azureml://datastores/nowhere/paths/x' }),
      /nowhere/,
    )
    assert.match(await refused({ source: database('select 1'), timeout: 'soon' }), /no time limit/)
  })

  test('a lost connection is tried again, and the import ends well', async () => {
    await pg.query('create table again as select i as id from generate_series(1, 10) i')
    await pg.kill()
    await put('again_1', { assetName: 'again', source: database('select * from again') })
    const lost = await t.until(idOf('again_1'), (p) => p['lost'] !== undefined)
    assert.match(JSON.stringify(lost['lost']), /cannot be reached: nothing listens there/)
    await pg.start()
    const done = await t.until(idOf('again_1'), ended)
    assert.equal(done['status'], 'Completed', JSON.stringify(done['error']))
  })

  test('a table without rows is a version without rows, and what waits can be canceled', async () => {
    const empty = await run('empty_1', {
      assetName: 'empty',
      source: database('select 1 as a, null::date as b where false'),
    })
    assert.equal(empty.status, 'Completed', JSON.stringify(empty.error))
    assert.deepEqual(await content(empty.assetId, 'select count(*) from t'), [[0]])
    await put('slow_1', { assetName: 'slow', source: database('select pg_sleep(600)') })
    await t.until(idOf('slow_1'), (p) => p['status'] === 'Running')
    await put('slow_2', { assetName: 'slow', source: database('select 1 as a') })
    assert.equal((await t.send('POST', `${idOf('slow_2')}/cancel`)).status, 202)
    assert.equal((await t.until(idOf('slow_2'), ended))['status'], 'Canceled')
    assert.equal((await t.send('DELETE', idOf('slow_1'))).status, 409)
    await t.send('POST', `${idOf('slow_1')}/cancel`)
    assert.equal((await t.until(idOf('slow_1'), ended))['status'], 'Canceled')
    assert.equal((await t.send('DELETE', idOf('slow_1'))).status, 200)
  })
})
