import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parse } from 'yaml'
import type { Check } from '../contract.ts'
import { parseContract } from './parse.ts'
import { spelled } from '../../../kernel/grammar/place.ts'

/** The one check of a contract with this entry in its list. */
function only(item: string): Check {
  const { contract, mistakes } = parseContract({ data: 'flights', checks: [parse(item)] })
  assert.deepEqual(mistakes, [], JSON.stringify(mistakes))
  assert.equal(contract?.checks.length, 1)
  return contract?.checks[0] as Check
}

const mistakesOf = (contract: unknown) =>
  parseContract(contract).mistakes.map(
    ({ message, hint }) => `${message}${hint === undefined ? '' : ` · ${hint}`}`,
  )

describe('a check in its short form', () => {
  for (const [item, name, expectation] of [
    ['row_count: { min: 20000 }', 'row_count', { kind: 'row_count', range: { min: 20000 } }],
    ['row_count: 12', 'row_count', { kind: 'row_count', range: { min: 12, max: 12 } }],
    ['column_count: [1, null]', 'column_count', { kind: 'column_count', range: { min: 1 } }],
    ['c: { not_null: true }', 'c.not_null', { kind: 'not_null', column: 'c', mostly: 1 }],
    ['c: { not_null: { mostly: 99.5% } }', 'c.not_null', { kind: 'not_null', column: 'c', mostly: 0.995 }],
    ['c: { null_rate: 2% }', 'c.null_rate', { kind: 'null_rate', column: 'c', range: { max: 0.02 } }],
    [
      'c: { null_rate: { max: 0.02 } }',
      'c.null_rate',
      { kind: 'null_rate', column: 'c', range: { max: 0.02 } },
    ],
    [
      'c: { in: [AA, 9E, 5, true] }',
      'c.in',
      { kind: 'in', column: 'c', values: ['AA', '9E', 5, true], mostly: 1 },
    ],
    [
      'c: { not_in: { values: [-99], mostly: 0.9 } }',
      'c.not_in',
      { kind: 'not_in', column: 'c', values: [-99], mostly: 0.9 },
    ],
    [
      'c: { in: "azureml:airports:1.code" }',
      'c.in',
      { kind: 'references', columns: ['c'], data: 'azureml:airports:1', of: ['code'], mostly: 1 },
    ],
    [
      'c: { in: "azureml:airports@latest.faa code" }',
      'c.in',
      { kind: 'references', columns: ['c'], data: 'azureml:airports@latest', of: ['faa code'], mostly: 1 },
    ],
    [
      'c: { in: { data: "azureml://datastores/d/paths/a.csv", column: code } }',
      'c.in',
      {
        kind: 'references',
        columns: ['c'],
        data: 'azureml://datastores/d/paths/a.csv',
        of: ['code'],
        mostly: 1,
      },
    ],
    [
      'c: { between: [0, 6000] }',
      'c.between',
      { kind: 'between', column: 'c', range: { min: 0, max: 6000 }, mostly: 1 },
    ],
    [
      'c: { between: { above: 0, max: 6 } }',
      'c.between',
      { kind: 'between', column: 'c', range: { above: 0, max: 6 }, mostly: 1 },
    ],
    [
      'c: { between: { min: 0, strict_min: true, mostly: 50% } }',
      'c.between',
      { kind: 'between', column: 'c', range: { above: 0 }, mostly: 0.5 },
    ],
    [
      'c: { between: ["2013-01-01", null] }',
      'c.between',
      { kind: 'between', column: 'c', range: { min: '2013-01-01' }, mostly: 1 },
    ],
    ['c: { min: 0 }', 'c.min', { kind: 'between', column: 'c', range: { min: 0 }, mostly: 1 }],
    ['c: { max: [5, 10] }', 'c.max', { kind: 'max', column: 'c', range: { min: 5, max: 10 } }],
    ['c: { mean: { below: 3 } }', 'c.mean', { kind: 'mean', column: 'c', range: { below: 3 } }],
    [
      'c: { quantile: { p95: { max: 9 } } }',
      'c.quantile.p95',
      { kind: 'quantile', column: 'c', quantile: 0.95, range: { max: 9 } },
    ],
    [
      'c: { distinct_rate: 90% }',
      'c.distinct_rate',
      { kind: 'distinct_rate', column: 'c', range: { min: 0.9 } },
    ],
    ['c: { length: 2 }', 'c.length', { kind: 'length', column: 'c', range: { min: 2, max: 2 }, mostly: 1 }],
    [
      'c: { matches: "^N[0-9A-Z]+$" }',
      'c.matches',
      { kind: 'matches', column: 'c', patterns: ['^N[0-9A-Z]+$'], mostly: 1 },
    ],
    ['c: { type: [int, float] }', 'c.type', { kind: 'type', column: 'c', types: ['integer', 'double'] }],
    ['c: { type: "decimal(18, 3)" }', 'c.type', { kind: 'type', column: 'c', types: ['DECIMAL(18,3)'] }],
    ['c: { unique: true }', 'c.unique', { kind: 'unique', columns: ['c'], present: false, mostly: 1 }],
    [
      'c: { increasing: strict }',
      'c.increasing',
      { kind: 'increasing', column: 'c', strict: true, mostly: 1 },
    ],
    ['c: { fresh: 36h }', 'c.fresh', { kind: 'freshness', column: 'c', within: 129_600_000 }],
    [
      'c: { drift: { psi: 0.2 } }',
      'c.drift',
      { kind: 'drift', column: 'c', against: 'previous', measure: 'psi', range: { max: 0.2 } },
    ],
    [
      'c: { drift: { against: "azureml:f:1", ks_p_value: 0.01 } }',
      'c.drift',
      { kind: 'drift', column: 'c', against: 'azureml:f:1', measure: 'ks_p_value', range: { min: 0.01 } },
    ],
    [
      'schema: { a: string, b: }',
      'schema',
      {
        kind: 'schema',
        columns: [
          { name: 'a', types: ['string'] },
          { name: 'b', types: [] },
        ],
        strict: false,
        ordered: false,
      },
    ],
    [
      'schema: { columns: [a, b], strict: true, ordered: true }',
      'schema',
      {
        kind: 'schema',
        columns: [
          { name: 'a', types: [] },
          { name: 'b', types: [] },
        ],
        strict: true,
        ordered: true,
      },
    ],
    [
      'schema: { columns: string }',
      'schema',
      { kind: 'schema', columns: [{ name: 'columns', types: ['string'] }], strict: false, ordered: false },
    ],
    [
      'primary_key: [a, b]',
      'primary_key(a, b)',
      { kind: 'unique', columns: ['a', 'b'], present: true, mostly: 1 },
    ],
    ['unique: id', 'unique(id)', { kind: 'unique', columns: ['id'], present: false, mostly: 1 }],
    [
      'compare: a <= b',
      'a <= b',
      { kind: 'compare', left: 'a', operator: '<=', right: 'b', missing: 'skip', mostly: 1 },
    ],
    [
      `compare: '"a < ""b" <> c'`,
      'a < "b != c',
      { kind: 'compare', left: 'a < "b', operator: '!=', right: 'c', missing: 'skip', mostly: 1 },
    ],
    [
      'sum_of: { columns: [a, b], equals: total, tolerance: 0.01 }',
      'sum_of(a, b)',
      { kind: 'sum_of', columns: ['a', 'b'], equals: 'total', tolerance: 0.01, mostly: 1 },
    ],
    ['duplicates: 1%', 'duplicates', { kind: 'duplicates', columns: [], range: { max: 0.01 }, share: true }],
    [
      'duplicates: { columns: [a] }',
      'duplicates(a)',
      { kind: 'duplicates', columns: ['a'], range: { max: 0 }, share: false },
    ],
    ['satisfies: a > b', 'satisfies a > b', { kind: 'satisfies', sql: 'a > b', mostly: 1 }],
    [
      'sql: select * from data where a > b',
      'sql a > b',
      { kind: 'failed_rows', sql: 'select * from data where a > b', max: 0 },
    ],
    [
      'sql: { query: select 1, min: 0, name: one }',
      'one',
      { kind: 'metric', sql: 'select 1', range: { min: 0 } },
    ],
    ['column: sql\nnot_null: true', 'sql.not_null', { kind: 'not_null', column: 'sql', mostly: 1 }],
    ['name: { not_null: true }', 'name.not_null', { kind: 'not_null', column: 'name', mostly: 1 }],
    [
      '"no: such, name": { exists: true }',
      'no: such, name.exists',
      { kind: 'exists', column: 'no: such, name' },
    ],
  ] as const)
    test(item, () => {
      const check = only(item)
      assert.deepEqual({ name: check.name, expectation: check.expectation }, { name, expectation })
      assert.equal(check.severity, 'fail')
    })
})

test('a schema in its short form has columns of any name', () => {
  const check = only('{ schema: { name: string, severity: integer, where: any }, severity: warn }')
  assert.equal(check.severity, 'warn')
  assert.deepEqual('columns' in check.expectation && check.expectation.columns.length, 3)
  assert.equal(only('schema: { columns: [a], severity: warn }').severity, 'warn')
})

test('options hold for what they stand beside, the nearest first', () => {
  const { contract } = parseContract(
    parse(`
data: azureml:flights
severity: warn
examples: 5
checks:
  - a: { not_null: true, between: { max: 5, severity: fail, where: b > 0 }, mostly: 90% }
  - { sql: "select * from data", severity: fail, name: all rows }
  - row_count: { min: 1, description: Not nothing. }
  - drift: { columns: [a, b], psi: 0.2 }
freshness: { column: t, within: 40d, severity: fail }
`),
  )
  assert.equal(contract?.data, 'flights')
  assert.equal(contract?.examples, 5)
  assert.deepEqual(
    contract?.checks.map((c) => [
      c.name,
      c.severity,
      c.where,
      'mostly' in c.expectation ? c.expectation.mostly : undefined,
    ]),
    [
      ['a.not_null', 'warn', undefined, 0.9],
      ['a.between', 'fail', 'b > 0', 0.9],
      ['all rows', 'fail', undefined, undefined],
      ['row_count', 'warn', undefined, undefined],
      ['a.drift', 'warn', undefined, undefined],
      ['b.drift', 'warn', undefined, undefined],
      ['freshness', 'fail', undefined, undefined],
    ],
  )
})

test('what is switched off checks nothing, and names are told apart', () => {
  const { contract } = parseContract({
    data: 'f',
    checks: [{ a: { not_null: false, unique: true } }, { a: { unique: true } }],
  })
  assert.deepEqual(
    contract?.checks.map((c) => c.name),
    ['a.unique', 'a.unique (2)'],
  )
})

describe('a mistake is told with its place and the nearest right thing', () => {
  const checks = (item: string) => mistakesOf({ data: 'f', checks: [parse(item)] })
  for (const [item, expected] of [
    ['c: { inn: [a] }', /^checks\[0\]\.c\.inn is not a check of a column · did you mean in\?$/],
    [
      'rowcount: { min: 1 }',
      /checks\[0\]\.rowcount is not a check of a table · did you mean row_count\? A column of that name is written - column: rowcount/,
    ],
    ['row_count: { maxx: 1 }', /row_count\.maxx is not an end of a range · did you mean max\?/],
    ['row_count: { min: -1 }', /row_count\.min: "-1" is not a whole number of at least 0/],
    ['row_count: {}', /row_count has no end/],
    ['c: { between: [5, 0] }', /between: nothing lies between 5 and 0/],
    ['c: { between: [0] }', /a range has two ends, and this has 1 · null leaves one open/],
    ['c: { between: [0, a] }', /one end is a number and the other is text/],
    ['c: { between: { min: 0, above: 0 } }', /two ends on one side/],
    ['c: { null_rate: { max: 2 } }', /"2" is not a share between 0 and 1, or 0% and 100% · 2% or 0.02/],
    ['c: { not_null: yes please }', /"yes please" is not true or false/],
    ['c: { in: [] }', /in is an empty list/],
    [
      'c: { in: airports.code }',
      /not a list of values, nor a column of other data · \[a, b\], azureml:airports:1\.code/,
    ],
    ['c: { matches: "(" }', /is not a regular expression: Unterminated group/],
    ['c: { matches: "(?=a)" }', /uses lookahead and lookbehind, which RE2 does not have/],
    ['c: { type: strnig }', /"strnig" is not a type · did you mean string\?/],
    ['c: { drift: { psi: 0.2, ks: 0.1 } }', /has more than one measure/],
    ['c: { drift: { against: previous } }', /has no measure · one of psi, ks/],
    ['c: { fresh: 40 }', /"40" is not a duration · 40d for days, 40h for hours/],
    ['c: { not_null: true, severity: warm }', /severity: "warm" is not one of warn, fail/],
    ['c: {}', /checks\[0\]\.c expects nothing/],
    ['c: 5', /does not say what is expected of a column/],
    ['just text', /checks\[0\]: "just text" is not a check/],
    ['severity: warn', /checks\[0\] checks nothing/],
    ['compare: a b', /"a b" does not compare two columns/],
    ['sql: delete from data', /this is not a select/],
    ['sql: { query: select 1, max_rows: 3, min: 0 }', /max_rows is of failing rows/],
    ['references: { columns: [a, b], data: "azureml:x:1", of: [c] }', /of names 1 columns, and columns 2/],
    [
      'freshness: { not_null: true }',
      /is a check of the table · a column of that name is written - column: freshness/,
    ],
    ['drift: { psi: 0.2 }', /drift\.columns: nothing is not a list of columns/],
  ] as const)
    test(item, () => {
      const found = checks(item)
      assert.ok(
        found.some((message) => expected.test(message)),
        `${found.join('\n') || 'no mistake'}\nis not ${String(expected)}`,
      )
    })

  test('of the contract itself', () => {
    assert.match(mistakesOf({ checks: [] })[0] ?? '', /a contract needs data/)
    assert.match(mistakesOf({ data: 'f' })[0] ?? '', /expects nothing/)
    assert.match(
      mistakesOf({ data: 'azureml:f:3', checks: [{ row_count: 1 }] })[0] ?? '',
      /"f:3" is not the name of a data asset · f, without a version/,
    )
    assert.match(mistakesOf({ data: 'f', checks: { row_count: 1 } })[0] ?? '', /the checks are not a list/)
    assert.match(mistakesOf('text')[0] ?? '', /is a map of fields/)
  })
})

test('whatever is written, reading ends with a contract or with mistakes that have a place', () => {
  const word = fc.constantFrom(
    'row_count',
    'schema',
    'c',
    'not_null',
    'in',
    'between',
    'min',
    'max',
    'quantile',
    'drift',
    'against',
    'psi',
    'columns',
    'column',
    'severity',
    'mostly',
    'sql',
    'query',
    'compare',
    'values',
    'data',
    'freshness',
    'within',
    '__proto__',
    'constructor',
    '',
  )
  const leaf = fc.oneof(
    fc.constantFrom<unknown>('2%', '40d', 'warn', true, null, 0, -1, Infinity, 'a <= b', '(', [1, 2], []),
    fc.string(),
    fc.double(),
  )
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(word, tie('tree'), { maxKeys: 4 }),
    ),
  }))
  const contract = fc.record(
    {
      data: fc.constant<unknown>('f'),
      checks: fc.array(tree, { maxLength: 4 }),
      freshness: tree,
      severity: leaf,
      examples: leaf,
    },
    { requiredKeys: ['data', 'checks'] },
  )
  fc.assert(
    fc.property(contract, (value) => {
      const result = parseContract(value)
      assert.equal(result.contract === undefined, result.mistakes.length > 0)
      for (const { path, message } of result.mistakes)
        assert.ok(message.startsWith(spelled(path)) || path.length === 0)
      const names = result.contract?.checks.map((c) => c.name) ?? []
      assert.equal(new Set(names).size, names.length)
    }),
    { numRuns: 2000 },
  )
})
