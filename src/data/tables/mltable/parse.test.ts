import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { UserError } from '../../../kernel/errors.ts'
import { parseMltable } from './parse.ts'

/** The problems of a file, or none. */
function problems(text: string): readonly string[] {
  try {
    parseMltable(text)
    return []
  } catch (error) {
    return (error as UserError).details.map(({ message }) => message)
  }
}

const table = (transformations: string) => `paths:\n  - file: ./x.csv\ntransformations:\n${transformations}`

test('what Azure ML documents is understood', () => {
  const program = parseMltable(`
$schema: https://azuremlschemas.azureedge.net/latest/MLTable.schema.json
type: mltable
paths:
  - pattern: ./*.csv
  - folder: azureml://datastores/d/paths/p/
transformations:
  - read_delimited:
      delimiter: "\\t"
      encoding: iso88591
      header: all_files_different_headers
      infer_column_types: { sample_size: 100, column_type_overrides: [{ columns: zip, column_type: string }] }
      include_path_column: true
  - convert_column_types:
      - columns: [a, b]
        column_type: { datetime: { formats: ["%Y-%m-%d"] } }
      - columns: { pattern: ^is_, ignore_case: true }
        column_type: { boolean: { true_values: ["yes"], false_values: ["no"], mismatch_as: "false" } }
  - keep_columns: a
  - filter: col("a") > 5
  - skip: 1
  - take: 2
  - take_random_sample: { probability: 0.1, seed: 7 }
  - extract_columns_from_partition_format: { partition_format: "/{year}/{d:yyyy/MM}/x.csv" }
traits: { timestamp_column: a }
`)
  assert.deepEqual(
    program.steps.map(({ kind }) => kind),
    [
      'convert_column_types',
      'keep_columns',
      'filter',
      'skip',
      'take',
      'take_random_sample',
      'extract_columns_from_partition_format',
    ],
  )
  assert.deepEqual(
    program.paths.map(({ kind, path, place }) => [kind, path, place.line]),
    [
      ['pattern', './*.csv', 5],
      ['folder', 'azureml://datastores/d/paths/p/', 6],
    ],
  )
  const { overrides, ...reader } = program.reader as Extract<typeof program.reader, { overrides: unknown }>
  assert.equal(overrides.length, 1)
  assert.deepEqual(reader, {
    kind: 'read_delimited',
    delimiter: '\t',
    encoding: 'windows-1252',
    header: 'all_files_different_headers',
    infers: true,
    emptyAsString: false,
    pathColumn: 'Path',
  })
})

for (const [name, text, message] of [
  ['a bare reader', table('  - read_parquet'), undefined],
  ['nothing', '', /MLTable:1:1: the file holds no keys/],
  ['no paths', 'type: mltable', /has no paths/],
  ['no YAML', 'paths: [', /MLTable:1:9: is no YAML/],
  [
    'a misspelt key',
    'path:\n  - file: x\n',
    /MLTable:1:1: path is no key of an MLTable; did you mean paths\?/,
  ],
  [
    'a misspelt transformation',
    table('  - read_delimted: {}'),
    /MLTable:4:5: transformations\[0\] \(read_delimted\) is no transformation; did you mean read_delimited\?/,
  ],
  [
    'a misspelt setting',
    table('  - read_delimited:\n      delimeter: ","'),
    /MLTable:5:7: transformations\[0\]\.read_delimited\.delimeter is no key of read_delimited; did you mean delimiter\?/,
  ],
  [
    'a misspelt word',
    table('  - read_delimited: { header: no_headers }'),
    /MLTable:4:31: .*header is "no_headers"; expected no_header/,
  ],
  ['an encoding of no use', table('  - read_delimited: { encoding: ebcdic }'), /expected utf8, utf8bom/],
  [
    'a path of two kinds',
    'paths:\n  - { file: x, folder: y }',
    /MLTable:2:5: paths\[0\] is no path; expected one of/,
  ],
  ['a wrong path key', 'paths:\n  - { files: x }', /files is no key of paths\[0\]; did you mean file\?/],
  ['two readers', table('  - read_parquet: {}\n  - read_parquet: {}'), /is no first transformation/],
  ['a number that is none', table('  - take: many'), /take is "many"; expected a whole number of at least 0/],
  [
    'a share beyond all',
    table('  - take_random_sample: { probability: 2 }'),
    /probability is 2; expected a number from 0 to 1/,
  ],
  [
    'datetime without formats',
    table('  - convert_column_types: [{ columns: a, column_type: datetime }]'),
    /needs its formats/,
  ],
  [
    'a format of no use',
    table('  - convert_column_types: [{ columns: a, column_type: { datetime: { formats: "%Q" } } }]'),
    /%Q has no meaning/,
  ],
  [
    'true values alone',
    table('  - convert_column_types: [{ columns: a, column_type: { boolean: { true_values: [y] } } }]'),
    /expected both or neither/,
  ],
  [
    'a wrong type',
    table('  - convert_column_types: [{ columns: a, column_type: integer }]'),
    /column_type is "integer"; expected one of string, int/,
  ],
  ['a pattern of no use', table('  - keep_columns: { pattern: "(" }'), /is no regular expression/],
  [
    'a partition of no use',
    table('  - extract_columns_from_partition_format: /{d:yyyy-XX}/x.csv'),
    /'X' is no part of a date/,
  ],
  ['an alias', 'paths: [*x]\n', /has an alias \(\*x\)/],
  [
    'aliases that would fill the memory',
    `paths: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]`,
    /write out what it stands for/,
  ],
  ['brackets without end', `paths: ${'['.repeat(20_000)}`, /nested more than 100 levels/],
  ['steps without end', `${'- '.repeat(20_000)}x`, /nested more than 100 levels/],
  ['a word of JavaScript', table('  - __proto__: {}'), /__proto__/],
  ['another', table('  - read_delimited: { encoding: constructor }'), /expected utf8/],
  ['Delta Lake', table('  - read_delta_lake: { version_as_of: 1 }'), /deletion vectors/],
  ['a database', 'query_source: { handler: x }', /import the query as data/],
] as const)
  test(`${name}: ${message === undefined ? 'is right' : 'is told'}`, () => {
    const found = problems(text)
    if (message === undefined) assert.deepEqual(found, [])
    else assert.match(found.join('\n'), message)
  })

test('all problems are told at once', () => {
  assert.equal(problems(table('  - tak: 1\n  - skip: x\n  - filter: [1]')).length, 3)
})

test('whatever stands in the file is understood or told', () => {
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom(
      ...'type paths transformations file pattern read_delimited read_parquet filter take keep_columns'.split(
        ' ',
      ),
      ...'convert_column_types columns column_type datetime delimiter encoding'.split(' '),
      ...'__proto__ constructor toString'.split(' '),
    ),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }))
  const step = fc.dictionary(key, value, { minKeys: 1, maxKeys: 1 })
  const file = fc.oneof(
    fc.string({ maxLength: 200 }),
    value.map((any) => stringify(any)),
    fc
      .array(step, { maxLength: 3 })
      .map((transformations) => stringify({ paths: [{ file: './a' }], transformations })),
  )
  fc.assert(
    fc.property(file, (text) => {
      try {
        parseMltable(text)
      } catch (error) {
        assert.ok(error instanceof UserError, String(error))
      }
    }),
    { numRuns: 1000, seed: 3 },
  )
})
