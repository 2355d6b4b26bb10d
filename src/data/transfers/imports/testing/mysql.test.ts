import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../../testing/app.ts'
import { noMariaDb, startMariaDb, type TestMariaDb } from '../../../../testing/mariadb.ts'
import { importing, type Importing } from './importing.ts'

describe('imports from MariaDB', { skip: noMariaDb }, () => {
  let t: TestApp
  let db: TestMariaDb
  let by: Importing
  before(async () => {
    ;[t, db] = await Promise.all([startTestApp(), startMariaDb()])
    by = importing(t, 'azureml:db')
    await by.connect('db', 'MariaDb', db.target, db.username, db.password)
  })
  after(async () => {
    await t.end()
    await db.end()
  })

  test('a query becomes a version, with every type as it is', async () => {
    await db.query(`
      create table kinds (u1 tinyint unsigned, i2 smallint, i3 mediumint, i4 int unsigned, i8 bigint, u8 bigint unsigned,
        n decimal(20,4), un decimal(10,2) unsigned, huge decimal(50,5), f4 float, f8 double, flag boolean, b1 bit(1), b12 bit(12),
        s varchar(50), c char(3), e enum('glad','sad'), es set('x','y'), j json, y blob, v varbinary(4), d date, dt datetime(6),
        ts timestamp null, tm time(1), yr year, p point) charset utf8mb4`)
    await db.query(`insert into kinds values
        (255, -2, -8388608, 4294967295, -9223372036854775808, 18446744073709551615, 1234567890123456.7891, 1.5,
         123456789012345678901234567890.5, 0.1, 1e300, true, b'1', b'101', 'a,"b"\\n''c'' ünï 🛫', 'x', 'glad', 'x,y', '{"a": [1, null]}',
         x'00ff10', x'22', '2024-02-29', '2024-02-29 12:34:56.789012', '2024-02-29 12:34:56', '23:59:59.5', 2024, point(1, 2)),
        (null, null, null, null, null, null, null, null, null, null, null, null, null, null, '', null, null, '', null, '', null,
         '0000-00-00', '2024-00-10 00:00:00', null, null, null, null)`)
    const done = await by.run('kinds', 'select * from kinds -- all of it\n;')
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    assert.deepEqual([done.progress.rows, done.progress.parts], [2, 1])
    assert.match(done.warnings?.[0] ?? '', /'huge' is decimal\(50,5\), .* kept as DOUBLE/)
    assert.deepEqual(done.warnings?.slice(1), [
      '2 dates have no month or no day, such as 0000-00-00, and are null.',
    ])
    const types = await by.content(done.assetId, 'select column_type from (describe t)')
    assert.deepEqual(
      types.map(([type]) => type),
      [
        'UTINYINT',
        'SMALLINT',
        'INTEGER',
        'UINTEGER',
        'BIGINT',
        'UBIGINT',
        'DECIMAL(20,4)',
        'DECIMAL(10,2)',

        'DOUBLE',
        'FLOAT',
        'DOUBLE',
        'TINYINT',
        'BOOLEAN',
        'UBIGINT',
        'VARCHAR',
        'VARCHAR',
        'VARCHAR',
        'VARCHAR',

        'JSON',
        'BLOB',
        'BLOB',
        'DATE',
        'TIMESTAMP',
        'TIMESTAMP WITH TIME ZONE',
        'TIME',
        'SMALLINT',
        'VARCHAR',
      ],
    )
    const [first, second] = await by.content(done.assetId, 'select * from t order by u1 nulls last')
    assert.deepEqual(first, [
      255,
      -2,
      -8388608,
      4294967295,
      '-9223372036854775808',
      '18446744073709551615',
      '1234567890123456.7891',
      '1.50',
      1.2345678901234568e29,
      first?.[9],
      1e300,
      1,
      true,
      5,
      `a,"b"\n'c' ünï 🛫`,
      'x',
      'glad',
      'x,y',
      '{"a": [1, null]}',
      'AP8Q',
      'Ig==',
      '2024-02-29',
      '2024-02-29T12:34:56.789012',
      '2024-02-29T12:34:56Z',
      '23:59:59.5',
      2024,
      'POINT(1 2)',
    ])
    assert.equal(Math.fround(Number(first?.[9])), Math.fround(0.1))
    assert.deepEqual(
      second?.map((cell, i) => [i, cell]).filter(([, cell]) => cell !== null),
      [
        [14, ''],
        [17, ''],
        [19, ''],
      ],
    )
  })
  test('an incremental import adds what is new, by texts as by numbers, whatever their collation', async () => {
    await db.query(
      'create table words (word varchar(20), at timestamp(3) null) charset utf8mb4 collate utf8mb4_general_ci',
    )
    await db.query(
      `insert into words values ('a', '2024-01-01 00:00:00.5'), ('B', '2024-01-01 00:00:01'), ('b', null), ('ä', '2024-01-02')`,
    )
    const more = { assetName: 'words', incremental: { column: 'word' } }
    const first = await by.run('words_1', 'select * from words', more)
    assert.deepEqual(
      [first.status, first.watermark, first.progress.rows],
      ['Completed', 'ä', 4],
      JSON.stringify(first.error),
    )
    await db.query(`insert into words values ('A', null), ('ö', null), ("it's", null), (null, null)`)
    const second = await by.run('words_2', 'select * from words', more)
    assert.deepEqual(
      [second.status, second.watermark, second.progress.rows],
      ['Completed', 'ö', 1],
      JSON.stringify(second.error),
    )
    assert.deepEqual(second.warnings, ["1 row has no value in 'word' and is left out."])
    assert.deepEqual(await by.content(second.assetId, 'select count(*) from t'), [[5]])
    const times = { assetName: 'times', incremental: { column: 'at' } }
    const timed = await by.run('times_1', 'select at, word from words', times)
    assert.deepEqual(
      [timed.status, timed.watermark],
      ['Completed', '2024-01-02 00:00:00.000'],
      JSON.stringify(timed.error),
    )
    await db.query(`insert into words values ('later', '2024-03-01 10:00:00')`)
    const later = await by.run('times_2', 'select at, word from words', times)
    assert.deepEqual([later.progress.rows, later.watermark], [1, '2024-03-01 10:00:00.000'])
    await db.query('create table places (p point, id int)')
    assert.match(
      await by.failing('places', 'select * from places', { incremental: { column: 'p' } }),
      /cannot be imported by column 'p': values of type point have no order/,
    )
  })

  test('what cannot be imported says why, and leaves no version', async () => {
    await db.query('create table odd (id int)')
    await db.query('create function grow() returns int begin insert into odd values (1); return 1; end')
    assert.match(
      await by.failing('bad_1', 'select * from nothing'),
      /refuses: Table 'test.nothing' doesn't exist/,
    )
    assert.match(await by.failing('bad_2', 'selct 1'), /refuses: You have an error in your SQL syntax/)
    assert.match(
      await by.failing('bad_3', 'select 1; drop table odd'),
      /refuses: You have an error in your SQL syntax/,
    )
    assert.match(await by.failing('bad_4', 'select 1 as a, 2 as `A`'), /two columns named 'a' and 'A'/)
    assert.match(
      await by.failing('bad_5', 'delete from odd returning id'),
      /refuses: Cannot execute statement in a READ ONLY transaction/,
    )
    assert.match(
      await by.failing('bad_6', 'select grow() as n'),
      /refuses: Cannot execute statement in a READ ONLY transaction/,
    )
    assert.match(await by.failing('bad_7', "select 1 as a into outfile '/tmp/never'"), /no columns|refuses/)
    assert.match(
      await by.failing('bad_8', 'select sleep(60) as a', { timeout: 0.2 }),
      /ended the query: .*max_statement_time exceeded.* Raise the import's timeout/,
    )
    assert.match(
      await by.failing('bad_9', "select cast('25:00:00' as time) as a"),
      /Column 'a' is time, and its value "25:00:00" is no TIME/,
    )
    assert.deepEqual(await db.query('select count(*) from odd'), [[0]])
    await by.connect('wrong', 'MySql', db.target, db.username, 'guess')
    const refused = await by.failing('bad_10', 'select 1', { source: from('wrong', 'select 1') })
    assert.match(refused, /does not let user 'twinloop' in: Access denied .* Put the connection again/)
    assert.ok(!refused.includes('guess'))
    await by.connect('none', 'MySql', db.target.replace(/test$/, 'none'), db.username, db.password)
    assert.match(
      await by.failing('bad_11', '', { source: from('none', 'select 1') }),
      /There is no database 'none' at 127/,
    )
    await by.connect('open', 'MySql', `${db.target}?ssl-mode=REQUIRED`, db.username, db.password)
    assert.match(await by.failing('bad_12', '', { source: from('open', 'select 1') }), /does not speak TLS/)
  })
  const from = (connection: string, query: string) => ({ sourceType: 'database', connection, query })

  test('what is canceled ends in the database, too; a lost connection is tried again', async () => {
    const id = `${t.workspace}/providers/Twinloop/dataImports/slow`
    const source = from('db', 'select sleep(600) as a')
    await t.send('PUT', id, { properties: { assetName: 'slow', source } })
    const sleeping = async () =>
      (
        await db.query(
          "select 1 from information_schema.processlist where info like '%sleep(600)%' and info not like '%processlist%'",
        )
      ).length
    while ((await sleeping()) === 0);
    assert.equal((await t.send('POST', `${id}/cancel`)).status, 202)
    await t.until(id, (p) => p['status'] === 'Canceled')
    while ((await sleeping()) > 0);

    await db.query('create table again (id int)')
    await db.kill()
    const again = `${t.workspace}/providers/Twinloop/dataImports/again`
    await t.send('PUT', again, {
      properties: { assetName: 'again', source: from('db', 'select * from again') },
    })
    const lost = await t.until(again, (p) => p['lost'] !== undefined)
    assert.match(JSON.stringify(lost['lost']), /cannot be reached: nothing listens there/)
    await db.start()
    const done = await t.until(again, (p) => ['Completed', 'Failed'].includes(String(p['status'])))
    assert.equal(done['status'], 'Completed', JSON.stringify(done['error']))
  })
})
