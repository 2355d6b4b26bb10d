import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mostRows, parseRows, rowsOfTable } from './pasted-rows.ts'
import { exampleRows, requestFields, requestOf, rowsIn, type RequestField } from './request-fields.ts'
import { answersOf, refusalOf } from './row-answers.ts'

test('a form has the columns of the signature and asks as the endpoint wants', () => {
  const row = {
    type: 'object',
    required: ['carrier'],
    properties: { carrier: { type: 'string' }, seats: { type: 'number' }, late: { type: 'boolean' } },
  }
  const schema = {
    properties: { input_data: { oneOf: [{ type: 'object' }, { type: 'array', items: row }] } },
  }
  const document = {
    paths: { '/score': { post: { requestBody: { content: { 'application/json': { schema } } } } } },
  }
  const fields = requestFields(document) ?? []
  assert.deepEqual(
    fields.map(({ name, kind, required }) => [name, kind, required]),
    [
      ['carrier', 'text', true],
      ['seats', 'number', false],
      ['late', 'boolean', false],
    ],
  )
  assert.deepEqual(requestOf(fields, [{ carrier: 'AA', seats: ' 1.5', late: 'true' }]), {
    input_data: [{ carrier: 'AA', seats: 1.5, late: true }],
  })
  assert.deepEqual(requestOf(fields, [{ carrier: '', seats: 'many' }]).input_data[0], {
    carrier: null,
    seats: 'many',
    late: null,
  })
  for (const none of [undefined, {}, { paths: {} }]) assert.equal(requestFields(none), undefined)
  assert.deepEqual(
    exampleRows({
      dataframe_split: {
        columns: ['a', 'b'],
        data: [
          [1, 2],
          [3, 4],
        ],
      },
    }),
    [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ],
  )
  for (const none of [null, {}, { inputs: [[1]] }]) assert.deepEqual(exampleRows(none), [])
})

const fields: readonly RequestField[] = [
  { name: 'carrier', kind: 'text', required: true },
  { name: 'seats', kind: 'number', required: false },
]

test('rows are pasted from spreadsheets and CSV, by their header or in the order of the fields', () => {
  const both = [
    { carrier: 'AA', seats: '10' },
    { carrier: 'B, "6"', seats: '' },
  ]
  const copied = 'seats\tcarrier\r\n10\tAA\r\n\t"B, ""6"""\r\n'
  assert.deepEqual(parseRows(copied, fields), { rows: both, notes: [] })
  assert.deepEqual(parseRows('AA,10\n"B, ""6""",\n\n', fields).rows, both)
  const { rows, notes } = parseRows('carrier,other\nAA,1\n', fields)
  assert.deepEqual(rows, [{ carrier: 'AA', seats: '' }])
  assert.deepEqual(notes, ['It has no seats: left empty.'])
  assert.deepEqual(parseRows('AA,1,2', fields).notes, ['Rows have up to 3 values; there are 2 columns.'])
  assert.deepEqual(parseRows(' \n', fields).rows, [])
})

test('of a table more rows than can be edited are left out, and that is said', () => {
  const table = Array.from({ length: mostRows + 1 }, (_, i) => ['x', i, null])
  const { rows, notes } = rowsOfTable(['carrier', 'seats', 'label'], table, fields)
  assert.deepEqual([rows.length, rows[1]], [mostRows, { carrier: 'x', seats: '1' }])
  assert.deepEqual(notes, ['The first 200 of 201 rows were taken.'])
})

test('rows are found again in JSON that names their values, and nowhere else', () => {
  assert.deepEqual(rowsIn('{"input_data": [{"carrier": "AA", "seats": 1.5}]}', fields), [
    { carrier: 'AA', seats: '1.5' },
  ])
  for (const other of ['{', '[]', '{"input_data": []}', '{"input_data": [[1]]}', '{"inputs": {}}'])
    assert.equal(rowsIn(other, fields), undefined)
})

test('each row has its answer where the answer tells them apart', () => {
  assert.deepEqual(
    answersOf(
      [
        [0.25, 0.123456789],
        [1, 0],
      ],
      2,
    ),
    ['0.25, 0.123457', '1, 0'],
  )
  assert.deepEqual(answersOf({ predictions: ['late', true] }, 2), ['late', 'true'])
  assert.deepEqual(answersOf([{ label: 'x', p: 0.5 }], 1), ['label x, p 0.5'])
  for (const other of [[1, 2, 3], { sum: 4 }, 'done']) assert.equal(answersOf(other, 2), undefined)
})

test('a refusal is of the row and the column that the server names', () => {
  const message = `Column "distance" should be long; row 1 has 'far'.`
  assert.deepEqual(refusalOf({ message }), { row: 1, column: 'distance', message })
  assert.deepEqual(refusalOf({ error: { message: 'too busy' } }), { message: 'too busy' })
  assert.deepEqual(refusalOf('nothing here'), { message: 'nothing here' })
})
