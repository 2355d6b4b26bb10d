import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { prepare } from '../files/prepare.ts'
import { startReading } from './reading.ts'

const t = startReading()
after(() => t.end())

const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')
const big = '123456789012345678901234567890'
const lines = (...rows: readonly string[]) => rows.map((row) => `${row}\n`).join('')

interface Case {
  readonly file?: string
  readonly content: string | Uint8Array
  readonly columns?: Readonly<Record<string, string>>
  readonly rows?: readonly (readonly unknown[])[]
  readonly notes?: RegExp
  readonly error?: RegExp
}

const cases: Readonly<Record<string, Case>> = {
  'plain CSV': {
    content: 'a,b,c\n1,x,2013-01-31\n2,,2014-01-01\n',
    columns: { a: 'BIGINT', b: 'VARCHAR', c: 'DATE' },
    rows: [
      [1, 'x', '2013-01-31'],
      [2, null, '2014-01-01'],
    ],
  },
  'a row that is too short': {
    content: 'a,b\n1,2\n3\n',
    error: /^f\.csv:3 has 1 field where 2 are expected\.\n {2}3$/,
  },
  'a row that is too long': {
    content: 'a,b\n1,2\n3,4,5\n',
    error: /^f\.csv:3 has 3 fields where 2 are expected\.\n {2}3,4,5$/,
  },
  'a row that is too long, late': {
    content: `a,b\n${'1,2\n'.repeat(50_000)}3,4,5\n`,
    error: /^f\.csv:50002 has 3 fields where 2 are expected/,
  },
  'a quote that is never closed': { content: 'a,b\n1,"x\n2,y\n', error: /^f\.csv:2 .*quote/ },
  'quotes and newlines in fields': {
    content: 'a,b\n1,"x\ny ""q"", z"\n2,w\n',
    rows: [
      [1, 'x\ny "q", z'],
      [2, 'w'],
    ],
  },
  'quotes escaped by backslashes': { content: 'a,b\n1,"x \\"q\\" y"\n', rows: [[1, 'x "q" y']] },
  'an empty file': { content: '', error: /'f\.csv' is empty/ },
  'a header only': { content: 'a,b\n', columns: { a: 'VARCHAR', b: 'VARCHAR' }, rows: [] },
  'no newline at the end': { content: 'a,b\n1,2', rows: [[1, 2]] },
  'lines that end as on Windows': {
    content: 'a,b\r\n1,x\r\n2,y\r\n',
    rows: [
      [1, 'x'],
      [2, 'y'],
    ],
  },
  'semicolons and decimal commas': {
    content: 'a;b\n1,5;x\n2,25;y\n',
    columns: { a: 'DOUBLE', b: 'VARCHAR' },
    rows: [
      [1.5, 'x'],
      [2.25, 'y'],
    ],
    notes: /decimal commas/,
  },
  tabs: { file: 'f.tsv', content: 'a\tb\n1\tx, y\n', rows: [[1, 'x, y']] },
  'one column': { content: 'a\n1\n2\n', rows: [[1], [2]] },
  'no header': {
    content: '5.1,3.5,setosa\n4.9,3.0,setosa\n',
    columns: { Column1: 'DOUBLE', Column2: 'DOUBLE', Column3: 'VARCHAR' },
    notes: /no header/,
  },
  'years as names': {
    content: 'country,2013,2014\nNO,1,2\n',
    columns: { country: 'VARCHAR', 2013: 'BIGINT', 2014: 'BIGINT' },
  },
  'a byte order mark': {
    content: '\uFEFFa,b\n1,é\n',
    columns: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [[1, 'é']],
  },
  'Latin-1': {
    content: Buffer.from('a,b\n1,caf\xE9\n', 'latin1'),
    rows: [[1, 'café']],
    notes: /f\.csv is not UTF-8 and was read as windows-1252/,
  },
  'UTF-16': { content: utf16('a,b\n1,é\n'), rows: [[1, 'é']] },
  'UTF-16 without its mark': {
    content: utf16('name,count\nx,12\n').subarray(2),
    rows: [['x', 12]],
    notes: /read as utf-16le/,
  },
  'blank lines': {
    content: '\n\na,b\n1,2\n\n3,4\n\n',
    rows: [
      [1, 2],
      [3, 4],
    ],
  },
  'blank lines only': { content: ' \n\n', error: /'f\.csv' has blank lines only/ },
  'lines that end in different ways': {
    content: 'a,b\r\n1,2\n3,4\r\n',
    rows: [
      [1, 2],
      [3, 4],
    ],
    notes: /end in different ways/,
  },
  'a line break in quotes among lines that end as on Windows': {
    content: 'a,b\r\n1,"x\ny"\r\n',
    rows: [[1, 'x\ny']],
  },
  'two encodings in one file': {
    content: Buffer.concat([Buffer.from('a,b\n1,é\n'), Buffer.from('2,caf\xE9\n', 'latin1')]),
    error: /'f\.csv' is of two encodings: line 2 is UTF-8 and line 3 is not/,
  },
  'leading zeros': { content: 'zip\n00501\n10001\n', columns: { zip: 'VARCHAR' } },
  'infinities among whole numbers': {
    content: 'a\nInfinity\n1\n',
    columns: { a: 'DOUBLE' },
    rows: [[Infinity], [1]],
  },
  'more columns than can be read': {
    content: `${Array.from({ length: 6000 }, (_, i) => `c${i}`).join(',')}\n`,
    error: /has 6000 columns; more than 5000 cannot be read/,
  },
  'integers beyond 64 bits': { content: `a\n${big}\n1\n`, columns: { a: 'HUGEINT' }, rows: [[big], [1]] },
  'integers beyond 128 bits': {
    content: `a\n${'9'.repeat(45)}\n`,
    columns: { a: 'VARCHAR' },
    rows: [['9'.repeat(45)]],
    notes: /a has integers of 45 digits/,
  },
  'truth values': { content: 'a,b\ntrue,NO\nFALSE,YES\n', columns: { a: 'BOOLEAN', b: 'VARCHAR' } },
  'a number that is none among numbers': {
    content: `a\n${'1.5\n'.repeat(100)}62.634.44\n`,
    columns: { a: 'VARCHAR' },
    notes: /a is text because of "62\.634\.44": all other values are numbers/,
  },
  'dates as people write them': {
    content: 'a,b\n31/12/2013,2013-01-01 10:00:00\n01/02/2014,2013-01-01 11:00:00\n',
    columns: { a: 'DATE', b: 'TIMESTAMP' },
    rows: [
      ['2013-12-31', '2013-01-01T10:00:00'],
      ['2014-02-01', '2013-01-01T11:00:00'],
    ],
    notes: /dates are read as %d\/%m\/%Y/,
  },
  'dates of two formats': {
    content: 'a,b\n2013-12-31,31/12/2013\n03/04/2014,01/02/2014\n',
    columns: { a: 'VARCHAR', b: 'DATE' },
    notes: /dates are read as/,
  },
  'NaN and infinities': {
    content: 'a,b\n1.5,x\nNaN,y\ninf,z\n-Infinity,w\n',
    columns: { a: 'DOUBLE', b: 'VARCHAR' },
    rows: [
      [1.5, 'x'],
      [NaN, 'y'],
      [Infinity, 'z'],
      [-Infinity, 'w'],
    ],
  },
  'NA among numbers': {
    content: 'a,b\n1,NO\nNA,NA\n3,SE\n',
    columns: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [
      [1, 'NO'],
      [null, null],
      [3, 'SE'],
    ],
    notes: /'NA' is read as missing \(as in a\)/,
  },
  'NA as a text': {
    content: 'a,b\n1,NO\n2,NA\n',
    rows: [
      [1, 'NO'],
      [2, 'NA'],
    ],
  },
  'names that are twice, empty, in another case and of all sorts': {
    content: 'a,a,,A,ü "q",select\n1,2,3,4,5,6\n',
    columns: {
      a: 'BIGINT',
      a_1: 'BIGINT',
      Column3: 'BIGINT',
      A_2: 'BIGINT',
      'ü "q"': 'BIGINT',
      select: 'BIGINT',
    },
    notes: /a second column 'a' is called a_1/,
  },
  gzip: { file: 'f.csv.gz', content: gzipSync('a,b\n1,x\n'), rows: [[1, 'x']] },
  zstd: { file: 'f.csv.zst', content: zstdCompressSync('a,b\n1,x\n'), rows: [[1, 'x']] },
  'gzip in the name only by its bytes': { content: gzipSync('a,b\n1,x\n'), rows: [[1, 'x']] },
  'gzip that is cut off': {
    file: 'f.csv.gz',
    content: gzipSync('a,b\n1,x\n'.repeat(1000)).subarray(0, -12),
    error: /'f\.csv\.gz' is cut off: its gzip stream ends too early/,
  },
  'gzip that is broken': {
    file: 'f.csv.gz',
    content: Buffer.concat([gzipSync('a,b\n1,x\n').subarray(0, -8), Buffer.alloc(8, 1)]),
    error: /'f\.csv\.gz' is broken/,
  },
  'a spreadsheet': {
    file: 'f.xlsx',
    content: 'PK\u0003\u0004…',
    error: /'f\.xlsx' cannot be read as a table: it is a zip archive \(or a spreadsheet\)/,
  },
  'bytes that are no text': {
    content: Buffer.from([1, 2, 0, 0, 4, 9, 0, 0, 0, 7]),
    error: /'f\.csv' cannot be read as a table: it is no text/,
  },
  'JSON Lines': {
    file: 'f.jsonl',
    content: lines('{"a":1,"b":{"c":[1]}}', '{"a":2,"d":"x"}'),
    columns: { a: 'BIGINT', b: 'STRUCT("c" BIGINT[])', d: 'VARCHAR' },
    rows: [
      [1, { c: [1] }, null],
      [2, null, 'x'],
    ],
  },
  'JSON Lines with NaN, as Python writes it': {
    file: 'f.jsonl',
    content: lines('{"a":NaN}', '{"a":1.5}'),
    rows: [[NaN], [1.5]],
  },
  'JSON Lines with huge integers': {
    file: 'f.jsonl',
    content: lines(`{"a":${big}}`, '{"a":1}'),
    columns: { a: 'HUGEINT' },
    rows: [[big], [1]],
  },
  'JSON Lines in which a line is broken': {
    file: 'f.jsonl',
    content: lines('{"a":1}', '{"a":', '{"a":3}'),
    error: /^f\.jsonl:2 is no JSON/,
  },
  'JSON Lines in which the first line is broken': {
    file: 'f.jsonl',
    content: lines('{"a":x}', '{"a":3}'),
    error: /^f\.jsonl:1 is no JSON/,
  },
  'JSON Lines by their content': { file: 'f.log', content: lines('{"a":1}'), rows: [[1]] },
  'JSON Lines of several kinds in a column': {
    file: 'f.jsonl',
    content: lines('{"a":1,"b":null}', '{"a":"oops","b":null}', '{"a":{"x":[1]}}', '{"a":null}'),
    columns: { a: 'VARCHAR', b: 'VARCHAR' },
    rows: [
      ['1', null],
      ['oops', null],
      ['{"x":[1]}', null],
      [null, null],
    ],
    notes: /^a has values of several kinds and is read as text$/,
  },
  'a JSON array': { file: 'f.json', content: '[{"a":1},\n{"a":2}]', rows: [[1], [2]] },
  'a JSON object over several lines': { file: 'f.json', content: '{\n "a": 1\n}\n', rows: [[1]] },
  'no JSON in spite of its name': {
    file: 'f.json',
    content: 'a,b\n1,2\n',
    error: /it is called JSON, but begins with neither/,
  },
  'Parquet by name only': {
    file: 'f.parquet',
    content: 'a,b\n',
    error: /it is called Parquet, but does not begin/,
  },
  'Parquet that is cut off': {
    file: 'f.parquet',
    content: 'PAR1 and so on',
    error: /'f\.parquet' is broken: it begins as Parquet does/,
  },
  'Parquet whose schema is broken': {
    file: 'f.parquet',
    content: 'PAR1aaaaaaaaaaaaa\u0004\0\0\0PAR1',
    error: /f\.parquet/,
  },
}

describe('a file is read as a table, or refused with the reason', () => {
  for (const [name, { file = 'f.csv', content, columns, rows, notes, error }] of Object.entries(cases))
    test(name, async () => {
      const reading = await t.readFiles(join(t.write({ [file]: content }), file))
      if (error === undefined) assert.equal(reading.error, undefined)
      else assert.match(reading.error ?? '', error)
      if (columns !== undefined) assert.deepEqual(reading.columns, columns)
      if (rows !== undefined) assert.deepEqual(reading.rows, rows)
      if (notes !== undefined) assert.match((reading.notes ?? []).join('\n'), notes)
      else if (error === undefined) assert.deepEqual(reading.notes, [])
      assert.ok(!(reading.error ?? '').includes(t.folder), reading.error)
    })
})

for (const [name, pack] of [
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const)
  test(`a small ${name} that unpacks to more than the disk holds is left as it is`, async () => {
    const bomb = pack(Buffer.alloc(50_000_000, 'a,b\n'))
    const path = join(t.write({ 'bomb.csv': bomb }), 'bomb.csv')
    assert.ok(bomb.length < 100_000)
    const folder = `${path}-unpacked`
    await assert.rejects(
      prepare({ path, shown: 'bomb.csv', bytes: bomb.length }, { folder, roomBytes: 1_000_000 }),
      /'bomb\.csv' unpacks to more than 1 MB, for which the disk has no room/,
    )
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) assert.ok(statSync(join(entry.parentPath, entry.name)).size <= 1_000_000)
  })
