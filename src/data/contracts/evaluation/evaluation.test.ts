import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parse } from 'yaml'
import type { Analytics, Session } from '../../../analytics/analytics.ts'
import { createAnalytics } from '../../../analytics/create-analytics.ts'
import { parseContract } from '../grammar/parse.ts'
import type { Facts } from './plan.ts'
import type { CheckResult } from './result.ts'
import { answer } from './run.ts'

/**
 * Six rows with one of everything that data have wrong with them.
 */
const sixRows = `(select * from (values
  (1, 10.0, 'AA', date '2013-01-01', true,  'x', 1, '5'),
  (2, 20.0, 'UA', date '2013-01-02', false, 'y', 2, '6'),
  (2, 'nan'::double, 'AA', date '2013-01-03', true, null, 3, 'abc'),
  (4, -5.0, null, date '2013-01-03', null, 'zz', 4, null),
  (5, 'inf'::double, '', null, false, '<b>', 6, '7'),
  (null, null, 'aa', date '2012-12-31', true, 'x', 5, '8')
) as t(id, price, carrier, day, late, note, seq, digits))`
const noRows = `(select * from ${sixRows} where false)`
const now = new Date('2013-01-05T12:00:00Z')

describe('a check', () => {
  let folder: string
  let analytics: Analytics
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
    analytics = createAnalytics(join(folder, 'analytics'), { memoryBytes: 256 * 2 ** 20, sessions: 1 })
  })
  after(async () => {
    await analytics.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function on(
    source: string,
    items: readonly string[],
    facts: Partial<Facts> = {},
    others: Readonly<Record<string, string>> = {},
  ) {
    const { contract, mistakes } = parseContract({
      data: 'd',
      checks: items.map((item) => parse(item) as unknown),
    })
    assert.deepEqual(mistakes, [])
    return analytics.session({}, async (session) => {
      await session.run(`create view data as select * from ${source}`)
      const known = new Map<string, { view: string; columns: Facts['columns'] }>()
      for (const [reference, sql] of Object.entries(others)) {
        const view = `other_${known.size}`
        await session.run(`create view ${view} as ${sql}`)
        known.set(reference, { view, columns: await columnsOf(session, view) })
      }
      const all = {
        columns: await columnsOf(session, 'data'),
        now,
        others: known,
        previous: undefined,
        ...facts,
      }
      return answer(session, contract?.checks ?? [], all, 20)
    })
  }
  const columnsOf = async (session: Session, view: string) =>
    (await session.all(`select * from ${view} limit 0`)).columns

  /** An expectation, and what it says of the six rows, and of none. */
  const cases: readonly (readonly [item: string, six: string, none: string])[] = [
    ['row_count: { min: 6 }', 'success: 6 rows', 'fail: 0 rows'],
    ['row_count: 5', 'fail: 6 rows', 'fail: 0 rows'],
    ['row_count: { min: 4, where: "id > 1" }', 'success: 4 rows', 'fail: 0 rows'],
    ['column_count: 8', 'success: 8 columns', 'success: 8 columns'],
    ['schema: { id: integer, price: double, nothing: any }', 'fail: no nothing', 'fail: no nothing'],
    [
      'schema: { id: string, carier: string }',
      'fail: id is integer, not string and no carier (the nearest is carrier)',
      'fail: id is integer, not string and no carier (the nearest is carrier)',
    ],
    [
      'schema: { columns: [id], strict: true }',
      'fail: also price, carrier, day, late, note and 2 more',
      'fail: also price, carrier, day, late, note and 2 more',
    ],
    [
      'schema: { columns: [price, id], ordered: true }',
      'fail: the order is id and price',
      'fail: the order is id and price',
    ],
    [
      'schema: { columns: { id: number, price: [double], carrier: string, day: date, late: boolean }, ordered: true }',
      'success: 8 columns',
      'success: 8 columns',
    ],
    ['id: { exists: true }', 'success: a column of type integer', 'success: a column of type integer'],
    [
      'ID: { exists: true }',
      'fail: there is no column ID; the nearest is id',
      'fail: there is no column ID; the nearest is id',
    ],
    ['id: { type: [string, boolean] }', 'fail: integer (INTEGER)', 'fail: integer (INTEGER)'],
    ['id: { not_null: true }', 'fail: 1 of 6 rows (16.7%) missing', 'success: no rows'],
    ['id: { not_null: { mostly: 83% } }', 'success: 1 of 6 rows (16.7%) missing', 'success: no rows'],
    ['price: { not_null: true }', 'fail: 2 of 6 rows (33.3%) missing', 'success: no rows'],
    ['seq: { not_null: true }', 'success: 0 of 6 rows missing', 'success: no rows'],
    ['id: { is_null: true }', 'fail: 5 of 6 rows (83.3%) present', 'success: no rows'],
    ['price: { null_rate: 33% }', 'fail: 33.3% (2 of 6 rows)', 'success: no rows'],
    ['price: { null_rate: { max: 34%, min: 33% } }', 'success: 33.3% (2 of 6 rows)', 'fail: no rows'],
    ['carrier: { in: [AA, UA] }', "fail: 2 of 5 values (40%): '' and aa", 'success: no values'],
    [
      'carrier: { in: { values: [AA, UA], mostly: 60% } }',
      "success: 2 of 5 values (40%): '' and aa",
      'success: no values',
    ],
    ['id: { in: [1, "2", 4, 5] }', 'success: all 5 values, 1 missing', 'success: no values'],
    ['late: { in: ["true"] }', 'fail: 2 of 5 values (40%): false (2×)', 'success: no values'],
    [
      'day: { in: ["2013-01-01", "2013-01-02"] }',
      'fail: 3 of 5 values (60%): 2013-01-03 (2×) and 2012-12-31',
      'success: no values',
    ],
    [
      'id: { in: [a] }',
      'error: id is INTEGER, and none of the values is one',
      'error: id is INTEGER, and none of the values is one',
    ],
    ['carrier: { not_in: ["", "?"] }', "fail: 1 of 5 values (20%): ''", 'success: no values'],
    ['carrier: { includes: [AA, ZZ] }', "fail: absent: 'ZZ'", "fail: absent: 'AA', 'ZZ'"],
    ['price: { between: [0, 100] }', 'fail: 2 of 4 values (50%): -5 and ∞', 'success: no values'],
    ['price: { between: { above: -5 } }', 'fail: 1 of 4 values (25%): -5', 'success: no values'],
    ['id: { between: [1, 5] }', 'success: all 5 values, from 1 to 5, 1 missing', 'success: no values'],
    ['id: { min: 2 }', 'fail: 1 of 5 values (20%): 1', 'success: no values'],
    ['digits: { between: [5, 7] }', 'fail: 2 of 5 values (40%): 8 and abc', 'success: no values'],
    ['day: { between: ["2013-01-01", null] }', 'fail: 1 of 5 values (20%): 2012-12-31', 'success: no values'],
    [
      'day: { between: [0, 1] }',
      'error: day is DATE, which cannot be compared with 0 and 1',
      'error: day is DATE, which cannot be compared with 0 and 1',
    ],
    [
      'late: { between: [0, 1] }',
      'error: late is BOOLEAN, which cannot be compared with 0 and 1',
      'error: late is BOOLEAN, which cannot be compared with 0 and 1',
    ],
    ['id: { max: [4, 9] }', 'success: 5', 'fail: no values'],
    ['day: { min: ["2013-01-01", null] }', 'fail: 2012-12-31', 'fail: no values'],
    ['id: { mean: [2, 3] }', 'success: 2.8', 'fail: no values'],
    ['late: { mean: { max: 0.5 } }', 'fail: 0.6', 'fail: no values'],
    [
      'carrier: { mean: [0, 1] }',
      'error: carrier is VARCHAR, which has no mean',
      'error: carrier is VARCHAR, which has no mean',
    ],
    ['id: { median: { equals: 2 } }', 'success: 2', 'fail: no values'],
    ['id: { std: [1.643, 1.644] }', 'success: 1.643', 'fail: no values'],
    ['id: { sum: { equals: 14 } }', 'success: 14', 'fail: no values'],
    ['id: { quantile: { p75: [4, 4] } }', 'success: 4', 'fail: no values'],
    ['id: { distinct_count: 4 }', 'success: 4 different', 'fail: 0 different'],
    ['id: { distinct_rate: 90% }', 'fail: 80% (4 of 5 values)', 'fail: no values'],
    ['carrier: { length: 2 }', "fail: 1 of 5 values (20%): ''", 'success: no values'],
    ['carrier: { matches: "^[A-Z]{2}$" }', "fail: 2 of 5 values (40%): '' and aa", 'success: no values'],
    ['note: { not_matches: ["<", "^z+$"] }', 'fail: 2 of 5 values (40%): <b> and zz', 'success: no values'],
    ['digits: { reads_as: integer }', 'fail: 1 of 5 values (20%): abc', 'success: no values'],
    ['id: { unique: true }', 'fail: 2 of 5 values (40%): 2 (2×)', 'success: no values'],
    ['seq: { unique: true }', 'success: all 6 values', 'success: no values'],
    ['unique: [id, carrier]', 'success: all 4 rows, 2 missing', 'success: no rows'],
    ['primary_key: [seq]', 'success: all 6 values', 'success: no values'],
    [
      'primary_key: id',
      'fail: 3 of 6 values (50%), 1 of them missing: 2 (2×) and null',
      'success: no values',
    ],
    ['duplicates: { columns: [carrier, late] }', 'fail: 1 of 6 rows (16.7%)', 'success: no rows'],
    ['duplicates: 0', 'success: none of 6 rows', 'success: no rows'],
    ['duplicates: { columns: [late], max: 50% }', 'success: 3 of 6 rows (50%)', 'success: no rows'],
    ['seq: { increasing: true }', 'fail: 1 of 6 values (16.7%): 5', 'success: no values'],
    ['seq: { increasing: { mostly: 80% } }', 'success: 1 of 6 values (16.7%): 5', 'success: no values'],
    ['id: { increasing: { strict: true, by: seq } }', 'fail: 1 of 5 values (20%): 2', 'success: no values'],
    [
      'day: { decreasing: true }',
      'fail: 2 of 5 values (40%): 2013-01-02 and 2013-01-03',
      'success: no values',
    ],
    ['compare: id <= seq', 'success: all 5 rows, 1 missing', 'success: no rows'],
    ['compare: { left: id, operator: "<", right: seq }', 'fail: 3 of 5 rows (60%)', 'success: no rows'],
    [
      'compare: { left: id, operator: "<=", right: seq, missing: fail }',
      'fail: 1 of 6 rows (16.7%)',
      'success: no rows',
    ],
    [
      'compare: id = carrier',
      'error: id is INTEGER and carrier is VARCHAR, which cannot be compared',
      'error: id is INTEGER and carrier is VARCHAR, which cannot be compared',
    ],
    [
      'sum_of: { columns: [id, seq], equals: 4, mostly: 20% }',
      'success: 4 of 5 rows (80%)',
      'success: no rows',
    ],
    ['satisfies: coalesce(id, 9) < 9 -- a remark', 'fail: 1 of 6 rows (16.7%)', 'success: no rows'],
    ['sql: select * from data where price < 0;', 'fail: 1 row', 'success: no rows'],
    ['sql: { query: select * from data where id > 1, max_rows: 4 }', 'success: 4 rows', 'success: no rows'],
    ['sql: { query: select count(*) from data where late, min: 3 }', 'success: 3', 'fail: 0'],
    [
      'sql: { query: select id from data, min: 3 }',
      'error: the query gives 6 rows, and one number is wanted',
      'error: the query gives 0 rows, and one number is wanted',
    ],
    [
      "sql: { query: select 'a', min: 3 }",
      'error: the query gives "a", which is not a number',
      'error: the query gives "a", which is not a number',
    ],
    ['freshness: { column: day, within: 3d }', 'success: 2013-01-03, 2 days ago', 'fail: no times'],
    ['freshness: { column: day, within: 59h }', 'fail: 2013-01-03, 2 days ago', 'fail: no times'],
    [
      'freshness: { column: id, within: 1d }',
      'error: id is INTEGER, which has no time',
      'error: id is INTEGER, which has no time',
    ],
    [
      'id: { drift: { psi: 0.2 } }',
      'success: no earlier version to compare with',
      'success: no earlier version to compare with',
    ],
  ]
  const said = ({ outcome, observed }: CheckResult) => `${outcome}: ${observed}`

  for (const [which, source] of [
    ['six', sixRows],
    ['no', noRows],
  ] as const)
    test(`of every kind, on ${which} rows`, async () => {
      const results = await on(
        source,
        cases.map(([item]) => item),
      )
      assert.deepEqual(
        results.map((result, i) => `${cases[i]?.[0]} → ${said(result)}`),
        cases.map(([item, six, none]) => `${item} → ${which === 'six' ? six : none}`),
      )
    })

  // What Great Expectations 1.24.1 says of the same values in pandas 2.2: success, then element, missing and unexpected
  // counts, unexpected_percent and unexpected_percent_total, and the partial list.
  const greatExpectations: readonly (readonly [string, boolean, readonly number[], readonly unknown[]])[] = [
    ['carrier: { in: [AA, UA] }', false, [6, 1, 2, 40, 33.333], ['', 'aa']],
    ['carrier: { in: { values: [AA, UA], mostly: 0.6 } }', true, [6, 1, 2, 40, 33.333], ['', 'aa']],
    ['price: { not_null: true }', false, [6, 0, 2, 33.333, 33.333], []],
    ['price: { between: [0, 100] }', false, [6, 2, 2, 50, 33.333], [-5, '∞']],
    ['id: { unique: true }', false, [6, 1, 2, 40, 33.333], [2, 2]],
    ['carrier: { matches: "^[A-Z]{2}$" }', false, [6, 1, 2, 40, 33.333], ['', 'aa']],
    ['carrier: { length: 2 }', false, [6, 1, 1, 20, 16.667], ['']],
  ]
  test('counts and examples are those of Great Expectations', async () => {
    const results = await on(
      sixRows,
      greatExpectations.map(([item]) => item),
    )
    for (const [i, [item, success, counts, list]] of greatExpectations.entries()) {
      const r = results[i] as CheckResult
      const percents = [r.unexpectedPercent, r.unexpectedPercentTotal].map((p) => Number(p?.toFixed(3)))
      assert.deepEqual([r.elementCount, r.missingCount, r.unexpectedCount, ...percents], counts, item)
      assert.equal(r.outcome === 'success', success, item)
      assert.deepEqual(r.partialUnexpectedList ?? [], list, item)
      assert.equal(r.failingRows?.rows.length, r.unexpectedCount, item)
    }
    assert.deepEqual(results[4]?.partialUnexpectedCounts, [{ value: 2, count: 2 }])
    assert.deepEqual(JSON.parse(JSON.stringify(results)), results)
  })

  test('one that cannot be evaluated hides no other', async () => {
    const items = [
      'sql: select nonsense from data',
      'satisfies: nonsense > 1',
      'id: { not_null: true, where: "nonsense" }',
      'satisfies: 1 / (id - id) > 0',
      'satisfies: "cast(carrier as integer) > 0"',
    ]
    const results = await on(sixRows, [
      ...items,
      'row_count: 6',
      'id: { not_null: true }',
      'carrier: { in: [AA] }',
    ])
    assert.deepEqual(results.map(({ outcome }) => outcome).toSpliced(3, 1), [
      'error',
      'error',
      'error',
      'error',
      'success',
      'fail',
      'fail',
    ])
    assert.match(results[0]?.observed ?? '', /nonsense/)
    assert.match(results[4]?.observed ?? '', /Could not convert string/)
  })

  test('what a user writes in SQL ends nothing and writes nothing', async () => {
    const results = await on(sixRows, [
      `satisfies: "true) from data; copy (select 1) to 'x.csv'; select (true"`,
      `id: { not_null: true, where: "1 = 1) or (1 = 1" }`,
      `sql: "select 1; drop view data"`,
      `sql: "select * from read_csv('/etc/passwd')"`,
      'row_count: 6',
    ])
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['error', 'fail', 'error', 'error', 'success'],
    )
  })

  test('a deviation beyond all numbers, and of values that are infinite, is told', async () => {
    const results = await on(
      "(select * from (values (1e308::double, 'inf'::double), (-1e308, 1), (0, 2)) t(huge, endless))",
      ['huge: { std: [0.99e308, 1.01e308] }', 'endless: { std: { max: 10 } }'],
    )
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['success', 'fail'],
    )
  })

  test('names and values of any kind are names and values', async () => {
    const source = `(select 1 as "a ""b"" '; --", 'it''s; drop table data' as "ünï 列", 3 as "select", null::varchar as "twinloop_n")`
    const results = await on(
      source,
      [
        `'a "b" ''; --': { between: [0, 1], unique: true, not_null: true, drift: { against: o, psi: 0.2 } }`,
        `ünï 列: { in: ["it's; drop table data"], matches: "^it's;", length: [1, 30] }`,
        'column: select\nmean: [3, 3]\ndistinct_count: 1',
        'twinloop_n: { is_null: true, unique: true }',
        `primary_key: ['a "b" ''; --', "select"]`,
      ],
      {},
      { o: `select 1 as "a ""b"" '; --"` },
    )
    assert.deepEqual(
      results.filter(({ outcome }) => outcome !== 'success').map((r) => `${r.name} ${said(r)}`),
      [],
    )
  })

  test('references compare with other data, whatever the types', async () => {
    const others = {
      'azureml:airports:1': "select * from (values ('AA', 1), ('UA', 2), (null, 3)) as t(code, n)",
      'azureml:numbers:1': "select '2' as n",
    }
    const results = await on(
      sixRows,
      [
        'carrier: { in: "azureml:airports:1.code" }',
        'seq: { in: { data: "azureml:numbers:1", column: n, mostly: 10% } }',
        'references: { columns: [carrier, id], data: "azureml:airports:1", of: [code, n] }',
        'carrier: { in: "azureml:airports:1.cod" }',
        'carrier: { in: "azureml:elsewhere:1.code" }',
      ],
      {},
      others,
    )
    assert.deepEqual(results.map(said), [
      "fail: 2 of 5 values (40%): '' and aa",
      'success: 5 of 6 values (83.3%): 1, 3, 4, 5 and 6',
      'fail: 2 of 4 rows (50%)',
      'error: azureml:airports:1 has no column cod; the nearest is code',
      'error: azureml:elsewhere:1 cannot be read',
    ])
  })

  test('drift is measured as by SciPy and Azure', async () => {
    const others = {
      before: "select i::double as x, case when i % 2 = 0 then 'a' else 'b' end as c from range(100) t(i)",
    }
    const source =
      "(select i + 20.0 as x, case when i % 5 = 0 then 'a' else 'b' end as c from range(100) t(i))"
    const results = await on(
      source,
      [
        'x: { drift: { ks: 0.1 } }',
        'x: { drift: { ks_p_value: 0.05 } }',
        'x: { drift: { psi: 0.2 } }',
        'c: { drift: { chi2_p_value: 0.05 } }',
        'c: { drift: { jensen_shannon: 0.1 } }',
        'c: { drift: { ks: 0.1 } }',
        'x: { drift: { against: nowhere, ks: 0.1 } }',
      ],
      { previous: 'before' },
      others,
    )
    // SciPy 1.17.1: ks_2samp(arange(100), arange(100) + 20), chi2_contingency([[50, 50], [20, 80]], correction=False) and
    // jensenshannon([50, 50], [20, 80], 2).
    const figures = [0, 1, 3, 4].map((i) => results[i]?.value?.toPrecision(9))
    assert.deepEqual(figures, ['0.200000000', '0.0363842879', '0.00000868771168', '0.270377529'])
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['fail', 'fail', 'fail', 'fail', 'fail', 'error', 'error'],
    )
    assert.match(results[5]?.observed ?? '', /Kolmogorov–Smirnov is for numbers/)
  })

  test('a million rows and forty checks stay within the memory of a session', async () => {
    const source =
      "(select i, i % 1000 as k, case when i % 97 = 0 then null else i / 7.0 end as x, 'v' || (i % 50000) as v from range(1000000) t(i))"
    const items = [
      ...Array.from({ length: 30 }, (_, i) => `x: { between: [0, ${140_000 + i * 200}] }`),
      'i: { unique: true, increasing: true }',
      'v: { distinct_count: 50000, length: [2, 6], matches: "^v" }',
      'x: { quantile: { p50: [0, 1e6] }, null_rate: 2% }',
      'duplicates: 0',
      'unique: [k, v]',
    ]
    const results = await on(source, items)
    const errors = results.filter(({ outcome }) => outcome === 'error')
    assert.deepEqual(errors.map(said), [])
    assert.equal(results.find(({ name }) => name === 'unique(k, v)')?.unexpectedCount, 1_000_000)
  })
})
