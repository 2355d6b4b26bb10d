import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { mltableSource } from '../mltable/source.ts'
import { localData, startReading, type Reading } from './reading.ts'

const t = startReading()
after(() => t.end())

const csv =
  'a,b,c,d,e\n1,x,true,2020-01-02,1.5\n2,,false,2020-02-03,\n3,z,maybe,,abc\n4,"q ""w""",yes,03/04/2021,7\n'

/** Reads a folder with an MLTable of these transformations; data elsewhere is that of `remote`. */
function read(
  transformations: string,
  {
    paths = '[{ file: ./one.csv }]',
    files = { 'one.csv': csv },
    query = 'from data',
    remote = '',
  }: { paths?: string; files?: Record<string, string>; query?: string; remote?: string } = {},
): Promise<Reading> {
  const folder = t.write({ ...files, MLTable: `paths: ${paths}\ntransformations:\n${transformations}` })
  return t.read(
    (work) =>
      mltableSource(localData(folder), {
        folder: work,
        open: async () => ({ data: localData(remote), shown: 'remote' }),
      }),
    query,
  )
}

const column = async (transformations: string, name: string) => {
  const { rows, error } = await read(transformations, { query: `select ${name} from data` })
  assert.equal(error, undefined)
  return rows?.map(([value]) => value)
}

const convert = (name: string, type: string) =>
  `  - read_delimited: { infer_column_types: false }\n  - convert_column_types: [{ columns: ${name}, column_type: ${type} }]`

// The values that follow are those that Azure's own mltable (1.7.0) gives for the same files.
describe('an MLTable gives what Azure ML gives', () => {
  test('columns stay text unless types are inferred', async () => {
    const { columns, rows } = await read('  - read_delimited: { infer_column_types: false }')
    assert.deepEqual(Object.values(columns ?? {}), Array(5).fill('VARCHAR'))
    assert.deepEqual(rows?.[1], ['2', null, 'false', '2020-02-03', null])
    assert.deepEqual(rows?.[3], ['4', 'q "w"', 'yes', '03/04/2021', '7'])
  })

  test('empty text is missing unless it is said to be text', async () => {
    assert.equal((await column('  - read_delimited: { empty_as_string: true }', 'b'))?.[1], '')
  })

  test('conversions, of which what does not fit is missing', async () => {
    assert.deepEqual(await column(convert('e', 'float'), 'e'), [1.5, null, null, 7])
    assert.deepEqual(await column(convert('e', 'int'), 'e'), [1, null, null, 7])
    assert.deepEqual(await column(convert('c', 'boolean'), 'c'), [true, false, null, null])
    const words = 'true_values: ["true", "yes"], false_values: ["false"]'
    assert.deepEqual(await column(convert('c', `{ boolean: { ${words} } }`), 'c'), [true, false, null, true])
    const mismatch = 'true_values: ["yes"], false_values: ["false"], mismatch_as: "true"'
    assert.deepEqual(await column(convert('c', `{ boolean: { ${mismatch} } }`), 'c'), [
      true,
      false,
      true,
      true,
    ])
    assert.deepEqual(await column(convert('d', '{ datetime: { formats: ["%Y-%m-%d", "%m/%d/%Y"] } }'), 'd'), [
      '2020-01-02T00:00:00',
      '2020-02-03T00:00:00',
      null,
      '2021-03-04T00:00:00',
    ])
    assert.deepEqual(await column(convert('d', '{ datetime: { formats: "%Y-%m-%d" } }'), 'd'), [
      '2020-01-02T00:00:00',
      '2020-02-03T00:00:00',
      null,
      null,
    ])
    const override =
      '  - read_delimited: { infer_column_types: { column_type_overrides: [{ columns: a, column_type: string }] } }'
    assert.deepEqual(await column(override, 'a'), ['1', '2', '3', '4'])
  })

  test('steps apply in their order', async () => {
    assert.deepEqual(await column('  - read_delimited: {}\n  - skip: 1\n  - take: 2', 'a'), [2, 3])
    assert.deepEqual(await column('  - read_delimited: {}\n  - take: 2\n  - skip: 1', 'a'), [2])
    assert.deepEqual(await column(`  - read_delimited: {}\n  - filter: 'not (col("a") > 1)'`, 'a'), [1])
    assert.deepEqual(await column(`  - read_delimited: {}\n  - filter: 'col("b") != "x"'`, 'a'), [3, 4])
    assert.deepEqual((await read('  - read_delimited: {}\n  - keep_columns: [b, a]')).columns, {
      a: 'BIGINT',
      b: 'VARCHAR',
    })
    const dropped = await read('  - read_delimited: {}\n  - drop_columns: [nope, a]')
    assert.equal(dropped.error, undefined)
    assert.deepEqual(Object.keys(dropped.columns ?? {}), ['b', 'c', 'd', 'e'])
    assert.deepEqual(dropped.notes, ["drop_columns: there is no column 'nope'"])
  })

  test('a sample is about as large as said, and the same each time', async () => {
    const files = { 'one.csv': `a\n${Array.from({ length: 10_000 }, (_, i) => i).join('\n')}\n` }
    const sample = (seed: number) =>
      read(`  - read_delimited: {}\n  - take_random_sample: { probability: 0.2, seed: ${seed} }`, {
        files,
        query: 'select count(*), sum(a) from data',
      })
    const [first, again, other] = [await sample(1), await sample(1), await sample(2)]
    assert.deepEqual(first.rows, again.rows)
    assert.notDeepEqual(first.rows, other.rows)
    const count = first.rows?.[0]?.[0] as number
    assert.ok(count > 1800 && count < 2200, String(count))
  })

  const two = {
    'Ops/2020/12/data.csv': 'x,z\n3,4\n',
    'Sales/2019/01/data.csv': 'x,y\n1,2\n',
    'other.txt': 'x',
  }
  const headers = (header: string) =>
    read(`  - read_delimited: { header: ${header} }`, { paths: '[{ pattern: "./**/data.csv" }]', files: two })

  test('headers in four ways', async () => {
    assert.deepEqual((await headers('all_files_different_headers')).rows, [
      [3, 4, null],
      [1, null, 2],
    ])
    assert.deepEqual((await headers('from_first_file')).rows, [
      ['3', '4'],
      ['x', 'y'],
      ['1', '2'],
    ])
    const none = await headers('no_header')
    assert.deepEqual(none.columns, { Column1: 'VARCHAR', Column2: 'VARCHAR' })
    assert.deepEqual(none.rows?.length, 4)
    // Azure ML takes the first file's names for all, and says nothing if another has others.
    assert.match(
      (await headers('all_files_same_headers')).error ?? '',
      /'Sales\/2019\/01\/data\.csv' has other columns/,
    )
  })

  test('paths become columns', async () => {
    const { columns, rows, notes } = await read(
      '  - read_delimited: { include_path_column: true, header: all_files_different_headers }\n  - keep_columns: [Path, x]\n  - extract_columns_from_partition_format: { partition_format: "/{Department}/{Date:yyyy/MM}/data.csv" }',
      { paths: '[{ folder: . }]', files: { ...two, 'other.txt': 'x\n9\n' }, query: 'from data order by x' },
    )
    assert.deepEqual(columns, { Path: 'VARCHAR', x: 'BIGINT', Department: 'VARCHAR', Date: 'TIMESTAMP' })
    assert.deepEqual(rows, [
      ['Sales/2019/01/data.csv', 1, 'Sales', '2019-01-01T00:00:00'],
      ['Ops/2020/12/data.csv', 3, 'Ops', '2020-12-01T00:00:00'],
      ['other.txt', 9, null, null],
    ])
    assert.match(notes?.join() ?? '', /other\.txt does not match/)
  })

  test('JSON Lines, of which broken lines are dropped if that is said', async () => {
    const files = { 'one.csv': '{"a":1}\n{"a":\n{"a":3}\n' }
    const { rows, notes } = await read('  - read_json_lines: { invalid_lines: drop }', { files })
    assert.deepEqual(rows, [[1], [3]])
    assert.match(notes?.join() ?? '', /1 line that is no JSON dropped, the first of them line 2/)
    assert.match((await read('  - read_json_lines', { files })).error ?? '', /one\.csv:2 is no JSON/)
  })

  test('what reads nothing is a table of paths', async () => {
    const files = { 'one.csv': csv, '1.png': 'x' }
    const { columns, rows } = await read('  - take: 2', { files, paths: '[{ pattern: "*" }]' })
    assert.deepEqual(columns, { Path: 'VARCHAR' })
    assert.deepEqual(rows?.length, 2)
  })

  test('data elsewhere, by reference and by pattern', async () => {
    const remote = t.write({ 'a/1.csv': 'x\n1\n', 'a/2.csv': 'x\n2\n', 'b/3.csv': 'x\n3\n' })
    const rows = async (paths: string) =>
      (
        await read('  - read_delimited', { paths, remote, query: 'select x from data order by x' })
      ).rows?.flat()
    assert.deepEqual(await rows('[{ folder: "azureml://datastores/d/paths/p" }]'), [1, 2, 3])
    assert.deepEqual(await rows('[{ pattern: "azureml://datastores/d/paths/p/a/*.csv" }]'), undefined)
    assert.deepEqual(await rows('[{ pattern: "azureml://datastores/d/paths/p/*/[23].csv" }]'), [2, 3])
  })
})

describe('an MLTable that does not fit its data is refused', () => {
  const reader = '  - read_delimited: {}\n'
  for (const [name, steps, error, paths] of [
    [
      'a column that is not there',
      `${reader}  - keep_columns: [aa]`,
      /MLTable:4:19: there is no column 'aa'; did you mean 'a'\?/,
    ],
    [
      'a filter that is none',
      `${reader}  - filter: col("a") = 1`,
      /MLTable:4:13: filter: '=' is written ==\n {2}col\("a"\) = 1\n {11}\^/,
    ],
    [
      'a file that is not there',
      reader,
      /MLTable:1:17: there is no file '.\/two\.csv' beside the MLTable/,
      '[{ file: ./two.csv }]',
    ],
    ['a path that leaves', reader, /leaves the MLTable's folder/, '[{ file: ../x.csv }]'],
    ['a path of a machine', reader, /is a path of some machine/, '[{ file: /etc/passwd }]'],
    ['a pattern that matches nothing', reader, /no file matches '\*\.json'/, '[{ pattern: "*.json" }]'],
    ['another format', '  - read_parquet', /'one\.csv' is csv, and its MLTable says read_parquet/],
  ] as const)
    test(name, async () => {
      assert.match((await read(steps, paths === undefined ? {} : { paths })).error ?? '', error)
    })
})
