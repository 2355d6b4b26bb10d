import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { startReading } from './reading.ts'

const t = startReading()
after(() => t.end())

describe('a folder is read as one table, or refused with the reason', () => {
  test('files of the same columns, in any order; what is no data is left out', async () => {
    const folder = t.write({
      'one.csv': 'a,b\n1,x\n',
      'two.csv': 'b,a\ny,2\n',
      'three.csv.gz': gzipSync('a,b\n3,z\n'),
      '.hidden/x.csv': 'q\n1\n',
      _SUCCESS: '',
      'README.md': '# data',
      'nothing.csv': '',
    })
    const { rows, notes } = await t.readFiles(folder, 'select a, b from data order by a')
    assert.deepEqual(rows, [
      [1, 'x'],
      [2, 'y'],
      [3, 'z'],
    ])
    assert.match(
      notes?.[0] ?? '',
      /^left out: \.hidden\/x\.csv \(hidden\), README\.md \(documentation\), _SUCCESS \(a marker\) and 1 more$/,
    )
  })

  test('types are those that fit all files, and a column that is empty in one has the type of the other', async () => {
    const folder = t.write({
      '1.csv': 'a,b,c\n1,,2013-01-01\n',
      '2.csv': 'a,b,c\n1.5,7,2013-01-01 10:00:00\n',
    })
    const { columns } = await t.readFiles(folder)
    assert.deepEqual(columns, { a: 'DOUBLE', b: 'BIGINT', c: 'TIMESTAMP' })
  })

  test('partitions are columns', async () => {
    const folder = t.write({
      'year=2013/month=1/a.csv': 'x\n1\n',
      'year=2014/month=1/a.csv': 'x\n2\n',
      'year=2014/month=2/a.csv.gz': gzipSync('x\n3\n'),
    })
    const { columns, rows } = await t.readFiles(folder, 'from data order by x')
    assert.deepEqual(columns, { x: 'BIGINT', month: 'BIGINT', year: 'BIGINT' })
    assert.deepEqual(rows, [
      [1, 1, 2013],
      [2, 1, 2014],
      [3, 2, 2014],
    ])
  })

  test('paths of all sorts', async () => {
    const folder = t.write({
      "a [1] {x}*?/k=v 'q'/ü%20\\n.csv": 'x\n1\n',
      'a [1] {x}*?/k=w 1/é.csv': 'x\n2\n',
    })
    const { rows, error } = await t.readFiles(join(folder, 'a [1] {x}*?'), 'from data order by x')
    assert.equal(error, undefined)
    assert.deepEqual(rows, [
      [1, "v 'q'"],
      [2, 'w 1'],
    ])
  })

  for (const [name, files, error] of [
    ['no files', { '.keep': '' }, /has no file of data: \.keep is hidden/],
    [
      'files of two formats',
      { 'a.csv': 'a\n1\n', 'b.jsonl': '{"a":1}\n' },
      /'b\.jsonl' is json and 'a\.csv' is csv/,
    ],
    [
      'other columns',
      { 'a.csv': 'a,b\n1,2\n', 'b.csv': 'a,c\n1,2\n' },
      /'b\.csv' has other columns than 'a\.csv': it lacks 'b', and it has 'c' besides/,
    ],
    [
      'a file that is no table',
      { 'a.csv': 'a\n1\n', 'b.pdf': '%PDF-1.4' },
      /'b\.pdf' cannot be read as a table: it is a PDF/,
    ],
    [
      'partitions of some files',
      { 'a.csv': 'a\n1\n', 'y=1/b.csv': 'a\n1\n' },
      /'y=1\/b\.csv' is partitioned by y and 'a\.csv' by no partition/,
    ],
    [
      'a ragged file',
      { 'a.csv': 'a,b\n1,2\n', 'x/b.csv': 'a,b\n1,2\n3\n' },
      /^x\/b\.csv:3 has 1 field where 2 are expected/,
    ],
  ] as const)
    test(`${name}: refused`, async () => {
      assert.match((await t.readFiles(t.write(files))).error ?? '', error)
    })

  test('Parquet: wider numbers with a note, other types and columns refused', async () => {
    const folder = t.write({ 'keep/x.csv': 'a\n1\n', 'types/x.csv': 'a\n1\n', 'columns/x.csv': 'a\n1\n' })
    const write = (path: string, select: string) =>
      t.make(`copy (${select}) to '${join(folder, path)}' (format parquet)`)
    await write('keep/1.parquet', 'select 1::int as a, 10::bigint as b')
    await write('keep/2.parquet', 'select 1.5::double as b, 2::int as a')
    await write('types/1.parquet', 'select 1 as a')
    await write('types/2.parquet', "select 'x' as a")
    await write('columns/1.parquet', 'select 1 as a, 2 as b')
    await write('columns/2.parquet', 'select 1 as a')
    const parquet = async (name: string, query?: string) => {
      const files = [1, 2].map((n) => join(folder, name, `${n}.parquet`))
      return t.read(async (work) => {
        const { filesSource } = await import('../reading/files-source.ts')
        const { statSync } = await import('node:fs')
        const listed = files.map((path, i) => ({
          path,
          shown: `${i + 1}.parquet`,
          bytes: statSync(path).size,
        }))
        return filesSource(listed, { folder: work }, [])
      }, query ?? 'from data')
    }
    const kept = await parquet('keep', 'from data order by a')
    assert.deepEqual(kept.columns, { a: 'INTEGER', b: 'DOUBLE' })
    assert.match(kept.notes?.join() ?? '', /b is BIGINT in some files and DOUBLE in others/)
    assert.match(
      (await parquet('types')).error ?? '',
      /'2\.parquet' has another schema than '1\.parquet': 'a' is VARCHAR in it, not INTEGER/,
    )
    assert.match((await parquet('columns')).error ?? '', /it lacks 'b'/)
  })
})
