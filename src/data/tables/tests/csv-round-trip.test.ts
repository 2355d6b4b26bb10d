import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { Cell } from '../../../analytics/analytics.ts'
import { startReading } from './reading.ts'

let reading: ReturnType<typeof startReading>
before(() => {
  reading = startReading()
})
after(() => reading.end())

const marks = [...'ab,;\t|"\'\n\\#1-. é漢'.split(''), 'x"y', 'NULL']
const kinds = {
  integer: fc.integer().map(String),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  word: fc.stringMatching(/^[A-Za-z][A-Za-z ]{0,8}$/),
  nasty: fc.array(fc.constantFrom(...marks), { maxLength: 8 }).map((parts) => parts.join('')),
  date: fc
    .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((day) => day.toISOString().slice(0, 10)),
  flag: fc.constantFrom('true', 'false'),
} as const
type Kind = keyof typeof kinds

const table = fc
  .array(fc.constantFrom(...(Object.keys(kinds) as Kind[])), { minLength: 2, maxLength: 5 })
  .chain((of) =>
    fc.record({
      header: fc.constant(of.map((kind, i) => `${kind}_${i}`)),
      rows: fc.array(fc.tuple(...of.map((kind) => fc.option(kinds[kind], { freq: 8 }))), {
        minLength: 3,
        maxLength: 30,
      }),
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      end: fc.constantFrom('\n', '\r\n'),
      quotesAll: fc.boolean(),
      mark: fc.constantFrom('', '\uFEFF'),
      endsLast: fc.boolean(),
    }),
  )

/** A field as Python's csv and pandas write it: missing is nothing, what needs quotes has them, all have if so wished. */
function field(value: string | null, delimiter: string, quotesAll: boolean): string {
  if (value === null) return ''
  const needs = quotesAll || value === '' || /["\n\r]/.test(value) || value.includes(delimiter)
  return needs || value !== value.trim() ? `"${value.replaceAll('"', '""')}"` : value
}

/** Empty and missing text are one in CSV, and numbers are not written in one way only. */
function isSame(written: string | null, read: Cell | undefined): boolean {
  if (written === null || written === '') return read === null || read === ''
  if (typeof read === 'number') return Object.is(Number(written), read)
  return `${read as string | boolean | null}` === written || (written === 'NULL' && read === null)
}

test('what is written in any dialect is read with the same values', async () => {
  await fc.assert(
    fc.asyncProperty(table, async ({ header, rows, delimiter, end, quotesAll, mark, endsLast }) => {
      const lines = [header, ...rows].map((row) =>
        row.map((value) => field(value, delimiter, quotesAll)).join(delimiter),
      )
      const text = `${mark}${lines.join(end)}${endsLast ? end : ''}`
      const read = await reading.readFiles(join(reading.write({ 'x.csv': text }), 'x.csv'))
      assert.equal(read.error, undefined, text)
      assert.deepEqual(Object.keys(read.columns ?? {}), header)
      assert.equal(read.rows?.length, rows.length)
      for (const [i, row] of rows.entries())
        for (const [j, value] of row.entries()) {
          const found = read.rows?.[i]?.[j]
          assert.ok(
            isSame(value, found),
            `row ${i}, ${header[j]}: ${JSON.stringify(value)} was read as ${JSON.stringify(found)} in ${JSON.stringify(text)}`,
          )
        }
    }),
    {
      numRuns: 120,
      seed: 3,
      examples: [
        [
          {
            header: ['flag_0', 'nasty_1'],
            rows: [
              ['true', null],
              ['false', null],
              [null, '\\'],
            ],
            delimiter: ',',
            end: '\n',
            quotesAll: true,
            mark: '',
            endsLast: false,
          },
        ],
      ],
    },
  )
})
