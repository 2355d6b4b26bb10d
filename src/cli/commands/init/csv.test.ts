import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { csvValue, parseCsv } from './csv.ts'

describe('a CSV file', () => {
  const rowsOf = (text: string) => parseCsv(text).rows.map(({ values }) => values)

  test('is read with quotes, empty values and either end of lines', () => {
    assert.deepEqual(rowsOf('a,b\n1,\r\n"x, ""y""","two\nlines"\n'), [
      ['1', ''],
      ['x, "y"', 'two\nlines'],
    ])
  })
  test('keeps the text of each row, and the line it begins in', () => {
    const { rows } = parseCsv('a,b\n"two\nlines",2\n\n"3",4')
    assert.deepEqual(
      rows.map(({ line, text }) => [line, text]),
      [
        [2, '"two\nlines",2'],
        [5, '"3",4'],
      ],
    )
  })
  test('may begin with a byte order mark', () => assert.deepEqual(parseCsv('\uFEFFa,b\n').header, ['a', 'b']))
  test('that is wrong says where', () => {
    assert.throws(() => parseCsv(''), /it is empty/)
    assert.throws(() => parseCsv('a,b\n1,2\n3\n'), /line 3 has 1 values, and the header has 2/)
    assert.throws(() => parseCsv('a\n"open\n'), /line 2 opens a quote that is never closed/)
    assert.throws(() => parseCsv('a\n"x"y\n'), /line 2 has text after a closing quote/)
  })
  test('is written so that it is read back', () => {
    const values = ['plain', 'a,b', 'say "so"', 'two\nlines', '']
    assert.deepEqual(rowsOf(`a,b,c,d,e\n${values.map(csvValue).join(',')}\n`), [values])
  })
})
