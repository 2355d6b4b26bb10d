import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Analytics } from '../../analytics/analytics.ts'
import { createAnalytics } from '../../analytics/create-analytics.ts'
import { compareTables, type CompareOptions } from './compare-tables.ts'
import type { DataDiff } from './diff.ts'

describe('two tables are compared', () => {
  let folder: string
  let analytics: Analytics
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
    analytics = createAnalytics(join(folder, 'analytics'), { memoryBytes: 512 * 2 ** 20, sessions: 1 })
  })
  after(async () => {
    await analytics.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const diff = (from: string, to: string, options: CompareOptions = {}): Promise<DataDiff> =>
    analytics.session({}, async (session) => {
      await session.run(`create view "from" as ${from}; create view "to" as ${to}`)
      const side = (view: string) => ({ view, about: { reference: view, bytes: 1 }, notes: [] })
      return compareTables(session, { from: side('from'), to: side('to') }, options)
    })
  const values = (columns: string, ...rows: readonly string[]) =>
    `select * from (values ${rows.map((row) => `(${row})`).join(', ')}) t(${columns})`
  const column = ({ columns }: DataDiff, name: string) => {
    const found = columns.find((c) => c.name === name)
    assert.ok(found !== undefined, name)
    return found
  }

  test('equal in whatever order of rows and columns, and not where a row is there twice', async () => {
    const one = await diff(
      values('a, b', "1, 'x'", "2, 'y'", 'null, null'),
      "select b, a from (values ('y', 2), (null, null), ('x', 1)) t(b, a)",
    )
    assert.deepEqual([one.equal, one.schema.reordered, one.from.rows, one.to.columns], [true, true, 3, 2])
    assert.deepEqual(
      one.columns.map((c) => [c.name, c.same, c.distance]),
      [
        ['a', true, 0],
        ['b', true, 0],
      ],
    )
    const twice = await diff(values('a', '1', '1', '2'), values('a', '1', '2', '2'))
    assert.deepEqual([twice.equal, column(twice, 'a').same], [false, false])
    const crossed = await diff(values('a, b', '1, 1', '2, 2'), values('a, b', '1, 2', '2, 1'))
    assert.deepEqual([crossed.equal, column(crossed, 'a').same], [false, true], 'columns alike, rows not')
  })

  test('schema: added, removed, retyped, and renamed by values or by name', async () => {
    const { schema } = await diff(
      values('id, gone, carrier, dep_delay, kept', "1, 'x', 'AA', 3, 1", "2, 'y', 'UA', 4, 2"),
      `select 1::bigint as id, 'AA' as airline, 5 as "DepDelay", 1.5 as fresh, '1' as kept union all
       select 2, 'UA', 9, 2.5, '2'`,
    )
    assert.deepEqual(schema, {
      added: [{ name: 'fresh', type: 'DECIMAL(2,1)' }],
      removed: [{ name: 'gone', type: 'VARCHAR' }],
      renamed: [
        { from: 'carrier', to: 'airline', because: 'values' },
        { from: 'dep_delay', to: 'DepDelay', because: 'name' },
      ],
      retyped: [
        { name: 'id', from: 'INTEGER', to: 'BIGINT' },
        { name: 'kept', from: 'INTEGER', to: 'VARCHAR' },
      ],
      reordered: false,
    })
  })

  test('numbers: figures as NumPy and SciPy have them', async () => {
    // scipy.stats.ks_2samp([1,2,3,4], [3,4,5,6]): 0.5, p 0.771428…
    const found = column(
      await diff(values('x', '1.0::double', '2', '3', '4'), values('x', '3.0::double', '4', '5', '6')),
      'x',
    )
    assert.deepEqual(found.numeric?.from, {
      mean: 2.5,
      std: 1.2909944487358056,
      min: 1,
      p25: 1.75,
      p50: 2.5,
      p75: 3.25,
      max: 4,
    })
    assert.deepEqual(
      [found.numeric?.to.mean, found.numeric?.to.p25, found.numeric?.to.p75],
      [4.5, 3.75, 5.25],
    )
    assert.equal(found.kolmogorovSmirnov?.statistic, 0.5)
    assert.ok(Math.abs((found.kolmogorovSmirnov?.pValue ?? 0) - 0.7714285714285715) < 1e-12)
    assert.deepEqual([found.distance, found.exact, found.same], [0.5, true, false])
  })

  test('numbers: both in the bins of what was; few whole numbers in a bin each, and the far away beyond the edges', async () => {
    const few = column(
      await diff(values('x', '1', '2', '2', '3'), values('x', '2', '3', '4', '4', 'null')),
      'x',
    )
    assert.deepEqual(few.histogram, {
      edges: [0.5, 1.5, 2.5, 3.5, 4.5],
      counts: { from: [1, 2, 1, 0], to: [0, 1, 1, 2] },
      below: { from: 0, to: 0 },
      above: { from: 0, to: 0 },
    })
    const far = column(
      await diff(
        'select range / 10.0 as x from range(1000) union all select 1e9',
        'select -1e6 as x union all select 50.5',
      ),
      'x',
    )
    const { edges = [], counts, below, above } = far.histogram ?? {}
    assert.ok((edges.at(-1) ?? Infinity) < 100 && edges.length >= 9 && edges.length <= 61, String(edges))
    assert.deepEqual([below?.to, above?.to], [1, 0])
    assert.ok((above?.from ?? 0) >= 1)
    const total = (counts?.from ?? []).reduce((a, b) => a + b, (below?.from ?? 0) + (above?.from ?? 0))
    assert.equal(total, 1001, 'every row is counted once')
    const none = await diff('select null::double as x', 'select null::double as x')
    assert.equal(column(none, 'x').histogram, undefined)
    const come = column(await diff('select null::double as x', values('x', '7.0::double')), 'x')
    assert.deepEqual(come.histogram?.counts, { from: [0], to: [1] })
  })

  test('numbers: null, NaN and infinities', async () => {
    const found = column(
      await diff(
        values('x', '1.0::double', "'nan'", 'null', "'inf'"),
        values('x', '1.0::double', '1', '1', "'-inf'"),
      ),
      'x',
    )
    assert.deepEqual(found.missing, { from: 0.5, to: 0 })
    assert.deepEqual([found.numeric?.from.max, found.numeric?.to.min], [1, 1])
    assert.equal(found.distance, 0.5, 'the change of what is missing')
  })

  test('numbers whose squares no double holds', async () => {
    const sql = (values: readonly number[]) => values.map((v, i) => `${v}::double, ${i}`)
    const far = await diff(
      values('a, t', ...sql([1e308, -1e308, 0])),
      values('a, t', ...sql([1e308, 1e308, 1])),
      {
        target: 't',
      },
    )
    const { from, to } = column(far, 'a').numeric ?? assert.fail('a has no figures')
    assert.deepEqual([from.mean, from.std, to.max], [0, 1e308, 1e308])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double()), fc.array(fc.double()), async (from, to) => {
        const rows = (all: readonly number[]) =>
          `select unnest([${all.map((v) => `'${v}'::double`).join(', ')}]::double[]) as a, unnest(range(${all.length})) as t`
        const found = await diff(rows(from), rows(to), { target: 't' })
        assert.deepEqual([found.from.rows, found.to.rows], [from.length, to.length])
      }),
      { numRuns: 25, seed: 3 },
    )
  })

  test('more different numbers than are counted one by one are put into bins', async () => {
    const found = column(
      await diff(
        'select range / 7 as x from range(60000)',
        'select (range + 6000) / 7 as x from range(60000)',
      ),
      'x',
    )
    assert.equal(found.exact, false)
    assert.ok(Math.abs((found.kolmogorovSmirnov?.statistic ?? 0) - 0.1) < 0.001)
    assert.ok(Math.abs((found.numeric?.from.p50 ?? 0) - 59999 / 14) < 20)
  })

  test('categories: new, gone, shares and total variation', async () => {
    const found = column(
      await diff(
        values('c', "'a'", "'a'", "'b'", "'c'", 'null'),
        values('c', "'a'", "'b'", "'b'", "'d'", "'d'"),
      ),
      'c',
    )
    // ½(|.5−.2| + |.25−.4| + |.25−0| + |0−.4|)
    assert.ok(Math.abs((found.totalVariation ?? 0) - 0.55) < 1e-12)
    assert.deepEqual(found.newValues, { count: 1, top: [{ value: 'd', rows: 2 }] })
    assert.deepEqual(found.goneValues, { count: 1, top: [{ value: 'c', rows: 1 }] })
    assert.deepEqual(found.shares?.[0], { value: 'a', from: 0.5, to: 0.2 })
    assert.deepEqual(found.missing, { from: 0.2, to: 0 })
  })

  test('dates and times, lists and structs', async () => {
    const found = await diff(
      "select date '2013-01-01' as d, [1] as l, {'a': 1} as s, time '09:00' as t union all select date '2013-01-03', [2], {'a': 2}, '10:00'",
      "select timestamp '2013-02-01 12:00' as d, [1] as l, {'a': 9} as s, time '09:00' as t",
    )
    assert.deepEqual(column(found, 'd').datetime, {
      from: { min: '2013-01-01', p50: '2013-01-02', max: '2013-01-03' },
      to: { min: '2013-02-01T12:00:00', p50: '2013-02-01T12:00:00', max: '2013-02-01T12:00:00' },
    })
    assert.deepEqual(
      [column(found, 'l').kind, column(found, 's').kind, column(found, 't').kind],
      ['other', 'other', 'categorical'],
    )
  })

  test('rows by their keys: added, removed, changed, with duplicates and rows without a key', async () => {
    const { keyed } = await diff(
      values(
        'id, v, w',
        "1, 'a', 1.0::double",
        "2, 'b', 'nan'",
        "3, 'c', null",
        "4, 'd', 4",
        "5, 'x', 0",
        "5, 'y', 0",
        "null, 'z', 0",
      ),
      values(
        'id, v, w',
        "1::bigint, 'a', 1.0::double",
        "2, 'b', 'nan'",
        "3, 'C', null",
        "4, 'D', 5",
        "6, 'e', 6",
      ),
      { keys: ['id'] },
    )
    assert.deepEqual(keyed, {
      keys: ['id'],
      added: 1,
      removed: 0,
      changed: 2,
      unchanged: 2,
      duplicates: { from: { keys: 1, rows: 2, examples: [['5']] }, to: { keys: 0, rows: 0, examples: [] } },
      withoutKey: { from: 1, to: 0 },
      changes: [
        { column: 'v', rows: 2 },
        { column: 'w', rows: 1 },
      ],
      examples: {
        added: [
          [
            { column: 'id', value: '6' },
            { column: 'v', value: 'e' },
            { column: 'w', value: '6.0' },
          ],
        ],
        removed: [],
        changed: [
          { key: ['3'], changes: [{ column: 'v', from: 'c', to: 'C' }] },
          {
            key: ['4'],
            changes: [
              { column: 'v', from: 'd', to: 'D' },
              { column: 'w', from: '4.0', to: '5.0' },
            ],
          },
        ],
      },
    })
  })

  test('several keys, one of them renamed; NaN is no key', async () => {
    const { keyed } = await diff(
      values('day, flight_no, late', "1, 'A', true", "1, 'B', false", "2, 'A', true"),
      values('day, "flightNo", late', "1, 'A', true", "1, 'B', true", "3, 'A', true"),
      { keys: ['day', 'flightNo'] },
    )
    assert.deepEqual(
      [keyed?.keys, keyed?.added, keyed?.removed, keyed?.changed, keyed?.unchanged],
      [['day', 'flight_no'], 1, 1, 1, 1],
    )
    assert.deepEqual(
      keyed?.examples.removed[0]?.map(({ value }) => value),
      ['2', 'A', 'true'],
    )
    const nan = await diff(values('k', "'nan'::double", '1'), values('k', "'nan'::double", '1'), {
      keys: ['k'],
    })
    assert.deepEqual([nan.keyed?.withoutKey, nan.keyed?.unchanged], [{ from: 1, to: 1 }, 1])
  })

  test('a wrong key or target is refused by the nearest column', async () => {
    const tables = [
      values('id, carrier, l', "1, 'a', [1]"),
      values('id, carrier, extra, l', "1, 'a', 2, [1]"),
    ] as const
    await assert.rejects(
      diff(...tables, { keys: ['carier'] }),
      /no column 'carier'; did you mean 'carrier'\? Both have id, carrier, l\./,
    )
    await assert.rejects(
      diff(...tables, { keys: ['extra'] }),
      /Only one of the two has a column 'extra': it is not in 'from'/,
    )
    await assert.rejects(diff(...tables, { target: 'l' }), /'l' cannot be a target/)
  })

  test('empty tables, and one that is empty', async () => {
    const none = 'select 1 as a, null::varchar as b where false'
    const empty = await diff(none, none, { keys: ['a'] })
    assert.deepEqual(
      [empty.equal, empty.from.rows, empty.keyed?.unchanged, column(empty, 'a').distance],
      [true, 0, 0, 0],
    )
    const filled = await diff(none, values('a, b', "1, 'x'"), { keys: ['a'], target: 'a' })
    assert.deepEqual(
      [filled.equal, filled.keyed?.added, column(filled, 'a').distance, column(filled, 'b').distance],
      [false, 1, 1, 1],
    )
    assert.equal(column(filled, 'a').numeric?.from.mean, null)
  })

  test('columns and values with hostile and other names', async () => {
    const name = `"; drop table ""from""; --"`
    const found = await diff(
      `select 1 as ${name}, 'é' as "größe 👍", 'it''s' as ' '`,
      `select 2 as ${name}, '日本' as "größe 👍", 'it''s' as ' '`,
      { keys: [' '], target: `; drop table "from"; --` },
    )
    assert.deepEqual(found.keyed?.examples.changed[0], {
      key: ["it's"],
      changes: [
        { column: '; drop table "from"; --', from: '1', to: '2' },
        { column: 'größe 👍', from: 'é', to: '日本' },
      ],
    })
  })

  test('what goes together with the target', async () => {
    const found = await diff(
      values('x, c, y', "1, 'a', 'no'", "2, 'a', 'no'", "3, 'b', 'yes'", "4, 'b', 'yes'"),
      values('x, c, y', "1, 'a', 'yes'", "2, 'b', 'yes'", "3, 'a', 'no'", "4, 'b', 'no'"),
      { target: 'y' },
    )
    // numpy.corrcoef([1,2,3,4], [0,0,1,1])
    assert.ok(Math.abs((column(found, 'x').withTarget?.from ?? 0) - 0.8944271909999159) < 1e-12)
    assert.ok(Math.abs((column(found, 'x').withTarget?.to ?? 0) + 0.8944271909999159) < 1e-12)
    assert.deepEqual(column(found, 'c').withTarget, { from: 1, to: 0 })
    assert.equal(column(found, 'y').withTarget, undefined)
  })

  test('without keys, columns are named that would do as one', async () => {
    const found = await diff(
      'select range as id, range % 2 as bit from range(100)',
      'select range + 5 as id, 1 as bit from range(100)',
    )
    assert.deepEqual([found.keyCandidates, found.keyed], [['id'], undefined])
  })
})
