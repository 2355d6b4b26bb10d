import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import type { ColumnProfile, NumericProfile, Profile } from '../../profile/profile.ts'
import { parseContract } from '../grammar/parse.ts'
import { suggestContract } from './suggest.ts'
import { bounds, expectedRows, missingLimit, regexOf } from './thresholds.ts'

const now = new Date('2026-11-20T12:00:00Z')

const column = (name: string, more: Partial<ColumnProfile> = {}, missing = 0): ColumnProfile => ({
  name,
  storageType: 'VARCHAR',
  semanticType: 'text',
  missing: { count: missing, fraction: missing / 1000, nulls: missing, nans: 0, empty: 0 },
  distinct: { count: 900, exact: true },
  unique: false,
  top: [],
  ...more,
})

const numeric = (min: number, max: number, more: Partial<NumericProfile> = {}): NumericProfile => ({
  min,
  max,
  mean: 0,
  std: 1,
  skewness: 0,
  kurtosis: 0,
  sum: 0,
  zeros: 0,
  negatives: 0,
  infinite: 0,
  integers: false,
  outliers: 0,
  quantiles: { p1: 0, p5: 0, p25: 0, p50: 0, p75: 0, p95: 0, p99: 0, exact: true },
  ...more,
})

const profile = (columns: readonly ColumnProfile[], rows = 1000): Profile => ({
  format: 1,
  source: { id: 'x', name: 'sales', version: '3', format: 'csv' },
  rows,
  columnCount: columns.length,
  bytes: 1,
  files: 1,
  missingCells: 0,
  duplicateRows: { count: 0, exact: true },
  columns,
  associations: { rows, sampled: false, pairs: [] },
  warnings: [],
  notes: [],
  createdAt: now.toISOString(),
  seconds: 1,
})

/** The checks of a suggestion, each as it stands there, with its reason. */
const suggested = (columns: readonly ColumnProfile[], rows?: number) =>
  suggestContract(profile(columns, rows), now)
    .split('\n')
    .filter((line) => line.startsWith('  - ') || /^(#|freshness)/.test(line))
    .map((line) => line.replace(/^ {2}- /, ''))

describe('thresholds leave room', () => {
  for (const [rows, expected] of [
    [27_004, 10_000],
    [9, 4],
    [1, 1],
    [0, 0],
    [2_000_000, 1_000_000],
  ] as const)
    test(`${rows} rows`, () => assert.equal(expectedRows(rows), expected))
  for (const [fraction, expected] of [
    [0.0019, '3%'],
    [0.182, '39%'],
    [0.747, '88%'],
    [0.01, '4%'],
    [0.96, undefined],
  ] as const)
    test(`${fraction} missing`, () => assert.equal(missingLimit(fraction), expected))
  for (const [min, max, expected, more] of [
    [80, 4983, [0, 7500], { integers: true }],
    [10.94, 64.4, [-16, 92], {}],
    [983.8, 1035, [950, 1100], {}],
    [1956, 2013, [1900, 2100], { integers: true }],
    [0, 0.32, [0, 1], {}],
    [-30, 1301, [-700, 2000], { integers: true }],
    [-9, -1, [-13, 0], {}],
    [0.001, 1.5, [0, 2.3], {}],
    [5, 5, undefined, {}],
    [0, 9, undefined, { infinite: 1 }],
  ] as const)
    test(`${min} to ${max}`, () => assert.deepEqual(bounds(numeric(min, max, more)), expected))
  for (const [pattern, count, expected] of [
    ['AA999', 500, '^[A-Z]{2}\\d{3}$'],
    ['9999-99-99', 500, '^\\d{4}-\\d{2}-\\d{2}$'],
    ['Aa.9', 500, '^[A-Z][a-z]\\.\\d$'],
    ['AA999', 499, undefined],
    ['A…', 500, undefined],
    ['é9', 500, undefined],
  ] as const)
    test(`shape ${pattern}`, () => assert.equal(regexOf([{ pattern, count }], 500), expected))
})

test('each check stands with its reason', () => {
  const top = ['NO', 'EWR', '1'].map((value) => ({ value, count: 300, fraction: 0.3 }))
  assert.deepEqual(
    suggested([
      column('key', { semanticType: 'identifier', unique: true }),
      column('origin', { semanticType: 'categorical', distinct: { count: 3, exact: true }, top }, 100),
      column('price', { storageType: 'DOUBLE', semanticType: 'numeric', numeric: numeric(1, 9) }),
      column('built', { storageType: 'BIGINT', semanticType: 'numeric', numeric: numeric(1956, 2013) }),
      column('gone', {}, 990),
      column(
        'sql',
        { storageType: 'BIGINT', semanticType: 'numeric', numeric: numeric(0, 10, { integers: true }) },
        10,
      ),
      column('a, "b": {', { semanticType: 'nested', storageType: 'STRUCT(a INTEGER)' }),
      column('at', {
        storageType: 'TIMESTAMP',
        semanticType: 'datetime',
        datetime: {
          min: '2026-01-01',
          max: '2026-11-19T00:00:00',
          rangeSeconds: 1,
          granularity: 'hour',
          future: 0,
          gaps: null,
        },
      }),
    ]).slice(2),
    [
      'row_count: { min: 500 }  # about half of the 1,000 rows of version 3',
      `schema: { key: string, origin: string, price: double, built: integer, gone: string, sql: integer, 'a, "b": {': struct, at: timestamp }  # the types of this version; further columns are welcome`,
      'key: { not_null: true, unique: true }  # never missing; a key: every value is different',
      'origin: { null_rate: { max: 22% } }  # 10% missing',
      'origin: { in: ["1", EWR, NO], severity: warn }  # the 3 values there are; a new one may be right',
      'price: { not_null: true }  # never missing',
      'price: { between: [-3, 13], severity: warn }  # was 1 to 9, with room to grow',
      'built: { not_null: true }  # never missing',
      'built: { between: [1900, 2100], severity: warn }  # was 1956 to 2013, with room to grow',
      '{ column: sql, null_rate: { max: 4% } }  # 1% missing',
      '{ column: sql, between: [0, 15], severity: warn }  # was 0 to 10, with room to grow',
      'at: { not_null: true }  # never missing',
      'drift: { columns: [origin], against: previous, psi: 0.25, severity: warn }  # a population stability index over 0.25 is a shift that is worth a look',
      'freshness: { column: at, within: 4d }  # the newest is 1 day old',
    ],
  )
})

test('a suggestion is a contract, whatever the columns are called and however few rows there are', () => {
  const names = [
    'sql',
    'name',
    'severity',
    'drift',
    'column',
    'null',
    'true',
    '1',
    'a: b',
    '#x',
    '- y',
    "it's",
    '"q"',
    'ünï 列',
    '@',
    '{',
    'line\nbreak',
  ]
  for (const rows of [0, 1, 99, 1000]) {
    const yaml = suggestContract(
      profile(
        names.map((name) =>
          column(name, { storageType: 'BIGINT', semanticType: 'numeric', numeric: numeric(-1, 1) }),
        ),
        rows,
      ),
      now,
    )
    const { contract, mistakes } = parseContract(parse(yaml))
    assert.deepEqual(mistakes, [], yaml)
    const about = new Set(
      contract?.checks.flatMap(({ expectation }) => ('column' in expectation ? [expectation.column] : [])),
    )
    if (rows > 0) assert.deepEqual([...about].toSorted(), names.toSorted())
  }
})

test('of a table without rows only the columns are expected, as what they will hold is not known', () => {
  const columns = [column('a', {}), column('n', { storageType: 'BIGINT', semanticType: 'numeric' })]
  const lines = suggestContract(profile(columns, 0), now).split('\n')
  assert.match(lines[lines.indexOf('checks:') + 1] ?? '', /^ {2}- schema: \{ a: any, n: integer \} /)
  assert.equal(lines.filter((line) => line.startsWith('  - ')).length, 1)
  assert.match(suggestContract(profile([column('a', {}, 1000)]), now), /schema: \{ a: any \}/)
})
