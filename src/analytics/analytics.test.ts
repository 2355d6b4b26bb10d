import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AnalyticsError, identifier, literal, type Analytics, type AnalyticsFailure } from './analytics.ts'
import { createAnalytics } from './create-analytics.ts'

const failsAs = (kind: AnalyticsFailure, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof AnalyticsError, String(error))
  assert.equal(error.kind, kind, error.message)
  assert.match(error.message, words)
  return true
}

describe('a session', () => {
  let folder: string
  let analytics: Analytics
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
    analytics = createAnalytics(join(folder, 'analytics'), { memoryBytes: 256 * 2 ** 20, sessions: 2 })
  })
  after(async () => {
    await analytics.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('answers with columns, types and values that lose nothing', async () => {
    const sql = `select 1::bigint as small, 9007199254740993::bigint as big, 1.50::decimal(9,2) as exact,
      'nan'::double as nan, '-inf'::double as low, date '2013-01-31' as day, timestamp '2013-01-31 05:00:00.25' as at,
      timestamptz '2013-01-31 05:00:00+02' as zoned, [1, null] as list, {'a': 'ü'} as struct, map {'k': 1} as map,
      'a'::blob as bytes, null as nothing, true as yes`
    const { columns, rows } = await analytics.session({}, (session) => session.all(sql))
    assert.deepEqual(rows, [
      [
        1,
        '9007199254740993',
        '1.50',
        NaN,
        -Infinity,
        '2013-01-31',
        '2013-01-31T05:00:00.25',
        '2013-01-31T03:00:00Z',
        [1, null],
        { a: 'ü' },
        { k: 1 },
        'YQ==',
        null,
        true,
      ],
    ])
    assert.deepEqual(columns.slice(1, 3), [
      { name: 'big', type: 'BIGINT' },
      { name: 'exact', type: 'DECIMAL(9,2)' },
    ])
  })

  test('binds values, and quotes names and texts', async () => {
    const answer = await analytics.session({}, async (session) => {
      await session.run(`create table ${identifier('a "b"')} as select ${literal("it's")} as x`)
      return session.all(`select x, $1 + 1, $2, $3 from ${identifier('a "b"')}`, [41, null, new Date(0)])
    })
    assert.deepEqual(answer.rows, [["it's", 42, null, '1970-01-01T00:00:00Z']])
  })

  test('streams more than it holds, in order, beside other questions', async () => {
    const [sum, rows, other] = await analytics.session({}, async (session) => {
      const stream = await session.stream('select i::integer as i from range(100000) t(i)')
      assert.deepEqual(stream.columns, [{ name: 'i', type: 'INTEGER' }])
      let [sum, rows, other] = [0, 0, 0]
      for await (const part of stream) {
        for (const [i] of part) sum += Number(i)
        rows += part.length
        if (other++ === 0) assert.deepEqual((await session.all('select 7')).rows, [[7]])
      }
      return [sum, rows, other]
    })
    assert.deepEqual([sum, rows], [4999950000, 100000])
    assert.ok(other > 1)
  })

  test('appends rows as the columns want them, all or none', async () => {
    await analytics.session({}, async (session) => {
      await session.run(
        'create table t (i hugeint, d double, day date, ts timestamptz, l integer[], price decimal(9,2), name varchar)',
      )
      await session.append('t', [
        [2n ** 100n, NaN, '2013-01-31', new Date(0), [1, 2], '1.50', 'a,"b"\n'],
        [1, -Infinity, null, null, [], 2, ''],
      ])
      await assert.rejects(
        session.append('t', [
          [1, 1, null, null, null, 1, 'good'],
          [1, 1, 'yesterday', null, null, 1, 'bad'],
        ]),
        failsAs('value', /Row 2, column 'day': "yesterday" is no DATE/),
      )
      await assert.rejects(session.append('t', [[1]]), failsAs('value', /Row 1 has 1 values; 't' has 7/))
      const { rows } = await session.all('select * from t')
      assert.deepEqual(rows, [
        [String(2n ** 100n), NaN, '2013-01-31', '1970-01-01T00:00:00Z', [1, 2], '1.50', 'a,"b"\n'],
        [1, -Infinity, null, null, [], '2.00', ''],
      ])
    })
  })

  test("answers a user's question up to the limit, and does nothing else for them", async () => {
    await analytics.session({ writes: [folder] }, async (session) => {
      await session.run('create table t as select range as i from range(5000)')
      assert.equal((await session.select('select * from t', { limit: 5000 })).truncated, false)
      const some = await session.select('with w as (from t) select i from w order by i', { limit: 3 })
      assert.deepEqual([some.rows, some.truncated], [[[0], [1], [2]], true])
      for (const question of [
        'describe t',
        'summarize t',
        'values (1)',
        'explain select 1',
        'explain analyze from t',
        'show tables',
      ])
        assert.ok((await session.select(question, { limit: 10 })).rows.length > 0, question)
      for (const order of [
        'drop table t',
        'insert into t values (1)',
        `copy t to ${literal(join(folder, 'x.csv'))}`,
        'set threads = 1',
        'create table u as select 1',
        'explain analyze drop table t',
        'explain analyze insert into t values (1)',
        `explain analyze copy t to ${literal(join(folder, 'x.csv'))}`,
        `explain (analyze) copy t to ${literal(join(folder, 'x.csv'))}`,
        `/**/ explain analyze copy t to ${literal(join(folder, 'x.csv'))}`,
        `attach ${literal(join(folder, 'x.db'))}`,
        'call pragma_version()',
      ])
        await assert.rejects(
          session.select(order, { limit: 1 }),
          failsAs('statement', /Only questions|this is/),
        )
      await assert.rejects(
        session.select('select 1; select 2', { limit: 1 }),
        failsAs('statement', /2 statements/),
      )
      await assert.rejects(session.select('  -- nothing', { limit: 1 }), failsAs('statement', /no question/))
      await assert.rejects(
        session.select('select jj from t', { limit: 1 }),
        failsAs('statement', /"jj" not found/),
      )
      assert.deepEqual(readdirSync(folder), ['analytics'])
    })
  })

  test('tells no answer that is too large for the server to hold', async () => {
    await analytics.session({}, async (session) => {
      const tooLarge = failsAs('statement', /more than 32 million characters.*left\(text, 100\)/)
      for (const question of [
        "select repeat('x', 10000) from range(4000)",
        'select range(1000000) from range(10)',
        "select repeat('x', 40000000)",
        "select {'a': [repeat('ü', 40000000)]}",
      ])
        await assert.rejects(session.select(question, { limit: 10_000 }), tooLarge, question)
      const { rows } = await session.select("select repeat('x', 10000) from range(4000)", { limit: 1000 })
      assert.equal(rows.length, 1000)
    })
  })

  test('says of data on which DuckDB crashes that they are to blame', async () => {
    const deep = join(folder, 'deep.json')
    writeFileSync(deep, `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)
    await assert.rejects(
      analytics.session({ reads: [deep] }, (session) => session.all(`from read_json(${literal(deep)})`)),
      failsAs('crash', /crashed over these data/),
    )
    rmSync(deep)
    assert.deepEqual((await analytics.session({}, (session) => session.all('select 1'))).rows, [[1]])
  })

  test('reads and writes only what it was given', async (context) => {
    const [open, shut] = [join(folder, 'open'), mkdtempSync(join(tmpdir(), 'twinloop-'))]
    context.after(() => rmSync(shut, { recursive: true, force: true }))
    const [given, hidden] = [join(shut, 'given.csv'), join(shut, 'hidden.csv')]
    writeFileSync(given, 'a\n1\n')
    writeFileSync(hidden, 'secret\n1\n')
    await analytics.session({ reads: [given], writes: [open] }, async (session) => {
      assert.deepEqual((await session.all(`from ${literal(given)}`)).rows, [[1]])
      for (const path of [
        hidden,
        join(shut, '*.csv'),
        `${open}/../${shut}/hidden.csv`,
        '/etc/passwd',
        `file://${hidden}`,
      ])
        for (const read of [
          `from read_csv(${literal(path)})`,
          `from read_text(${literal(path)})`,
          `from glob(${literal(path)})`,
        ])
          await assert.rejects(
            session.select(read, { limit: 1 }),
            /Permission Error|No files found|IO Error/,
            read,
          )
      await assert.rejects(
        session.run(`copy (select 1) to ${literal(join(shut, 'x.csv'))}`),
        /Permission Error/,
      )
      await assert.rejects(
        session.run('set enable_external_access = true'),
        failsAs('statement', /locked|running/),
      )
      await assert.rejects(session.run('load httpfs'), AnalyticsError)
    })
    assert.deepEqual(readdirSync(shut), ['given.csv', 'hidden.csv'])
  })

  test('names the tables that a question speaks of', async () => {
    await analytics.session({}, async (session) => {
      const of = (sql: string) => session.tablesIn(sql)
      assert.deepEqual(await of('with flights as (from flights) from flights'), ['flights'])
      assert.deepEqual(await of('with recursive r as (select 1 union all from r) from r'), [])
      assert.deepEqual(
        await of('select (select max(x) from A.b) from c where y in (from C, d) union from e'),
        ['A.b', 'c', 'C', 'd', 'e'],
      )
      assert.deepEqual(await of('describe flights'), ['flights'])
      const names = await session.tablesIn(
        'with a as (select 1) select * from flights f join "air ports:3" using (x), a',
      )
      assert.deepEqual(names, ['flights', 'air ports:3'])
      await assert.rejects(session.tablesIn('selec 1'), failsAs('statement', /syntax error/))
    })
  })

  test('spills what does not fit, and says so when that is too little', async () => {
    await analytics.session({}, async (session) => {
      const sorted =
        'select count(*) from (select i, hash(i) h, md5(i::varchar) m from range(4000000) t(i) order by h offset 1)'
      assert.deepEqual((await session.all(sorted)).rows, [[3999999]])
      await assert.rejects(
        session.all("select length(string_agg(md5(i::varchar), '')) from range(100000000) t(i)"),
        failsAs('memory', /TWINLOOP_ANALYTICS_MEMORY_BYTES/),
      )
      assert.deepEqual((await session.all('select 1')).rows, [[1]])
    })
  })

  test('ends when its time is over, when it is not wanted any more, and when its process is killed', async () => {
    const endless = 'select count(*) from range(10000000000000) t(i) where hash(i) = 1'
    await assert.rejects(
      analytics.session({ timeoutMs: 300 }, (session) => session.all(endless)),
      failsAs('timeout', /longer than 0.3 s/),
    )
    const gone = new AbortController()
    const left = analytics.session({ signal: gone.signal }, (session) => {
      setImmediate(() => gone.abort(new Error('gone')))
      return session.all(endless)
    })
    await assert.rejects(left, /gone/)
    const killed = analytics.session({}, (session) => {
      process.kill(childPid(), 'SIGKILL')
      return session.all(endless)
    })
    await assert.rejects(killed, failsAs('lost', /killed/))
    assert.deepEqual((await analytics.session({}, (session) => session.all('select 1'))).rows, [[1]])
  })

  /** The one child that is there. */
  function childPid(): number {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')
    return Number(children.at(-1))
  }

  test('shares no tables with the session before, and waits for its turn', async () => {
    let atOnce = 0
    let most = 0
    const two = Promise.withResolvers<void>()
    const one = () =>
      analytics.session({}, async (session) => {
        most = Math.max(most, ++atOnce)
        if (atOnce === 2) two.resolve()
        await two.promise
        await session.run('create table mine as select 1')
        atOnce--
      })
    await Promise.all([one(), one(), one(), one(), one()])
    assert.equal(most, 2)
    const gone = AbortSignal.abort(new Error('gone'))
    await assert.rejects(
      analytics.session({ signal: gone }, () => Promise.resolve()),
      /gone/,
    )
  })

  test('is not led out of its folder by a link', async () => {
    const open = mkdtempSync(join(tmpdir(), 'twinloop-'))
    symlinkSync('/etc/hostname', join(open, 'link.csv'))
    await analytics.session({ reads: [join(open, 'other.csv')] }, (session) =>
      assert.rejects(session.all(`from read_text(${literal(join(open, 'link.csv'))})`), /Permission Error/),
    )
    rmSync(open, { recursive: true })
  })

  test('fails as lost when analytics stops', async () => {
    const other = createAnalytics(join(folder, 'other'), { memoryBytes: 256 * 2 ** 20, sessions: 1 })
    const cut = other.session({}, async (session) => {
      await session.run('select 1')
      await other.stop()
      return session.all('select 1')
    })
    await assert.rejects(cut, failsAs('lost', /stopping/))
    await assert.rejects(
      other.session({}, () => Promise.resolve()),
      failsAs('lost', /stopping/),
    )
  })
})
