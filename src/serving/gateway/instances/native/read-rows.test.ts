import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { rowReader } from './read-rows.ts'

const column = (
  name: string,
  type: 'double' | 'float' | 'long' | 'boolean' | 'string',
  position: number,
) => ({
  name,
  type,
  required: true,
  tensor: type === 'string' ? ('texts' as const) : ('numbers' as const),
  position,
})
const { score, infer } = rowReader({
  columns: [column('a', 'double', 0), column('t', 'string', 0), column('n', 'long', 1)],
})

describe('reading rows', () => {
  const read = { count: 2, numbers: [1.5, 3, Number.NaN, -4], texts: ['x', '\ue000\ue000y'] }
  const data = [
    [1.5, 'x', 3],
    [null, '\ue000y', -4],
  ]
  const records = data.map(([a, t, n]) => ({ n, extra: true, t, a }))
  const plain = (rows: ReturnType<typeof score>) => rows && { ...rows, numbers: [...rows.numbers] }

  test('every shape gives the same rows', () => {
    const columns = ['a', 't', 'n']
    for (const body of [
      { input_data: data },
      { input_data: { columns, data, index: ['p', 'q'] } },
      { input_data: { columns: ['t', 'a', 'n'], data: data.map(([a, t, n]) => [t, a, n]) } },
      { input_data: records },
      { dataframe_split: { columns, data }, params: null, more: 1 },
      { dataframe_split: { data } },
      { dataframe_records: records },
      { instances: data },
      { inputs: { a: [1.5, null], t: ['x', '\ue000y'], n: [3, -4] }, params: {} },
    ])
      assert.deepEqual(plain(score(body)), read, JSON.stringify(body))
    const tensor = (name: string, datatype: string, at: number) => ({
      name,
      datatype,
      shape: [2],
      data: data.map((row) => row[at]),
    })
    const inputs = [tensor('t', 'BYTES', 1), tensor('n', 'INT64', 2), tensor('a', 'FP64', 0)]
    assert.deepEqual(plain(infer({ inputs })), read)
  })

  test('a missing text is told from every text', () => {
    assert.deepEqual(score({ input_data: [[1, null, 2]] })?.texts, ['\ue000'])
    assert.deepEqual(score({ input_data: [[1, '\ue000', 2]] })?.texts, ['\ue000\ue000'])
  })

  test('whatever is not sure to be read as Python would is left to it', () => {
    const row = [1.5, 'x', 3]
    for (const body of [
      null,
      5,
      [row],
      {},
      { input_data: [] },
      { input_data: [row], instances: [row] },
      { input_data: [row], params: { a: 1 } },
      { input_data: [[1.5, 'x']] },
      { input_data: [row, { a: 1 }] },
      { input_data: [[true, 'x', 3]] },
      { input_data: [['1.5', 'x', 3]] },
      { input_data: [[Infinity, 'x', 3]] },
      { input_data: [[1.5, 5, 3]] },
      { input_data: [[1.5, 'x', 3.5]] },
      { input_data: [[1.5, 'x', null]] },
      { input_data: [[1.5, 'x', 2 ** 60]] },
      { input_data: [{ a: 1.5, t: 'x' }] },
      { input_data: { columns: ['a', 't', 't'], data: [row] } },
      { input_data: { columns: ['a', 't', 'n'], data: [row], index: [1, 2] } },
      { input_data: { a: [1.5], t: ['x'] } },
      { input_data: { a: [1.5], t: ['x'], n: [3, 4] } },
      { instances: { a: [1.5], t: ['x'], n: [3] } },
      { dataframe_records: [row] },
    ])
      assert.equal(score(body), undefined, JSON.stringify(body))
    const fine = { name: 'a', datatype: 'FP64', shape: [1], data: [1] }
    for (const inputs of [
      [],
      [fine],
      [{ ...fine, datatype: 'FP16' }],
      [{ ...fine, data: [[1]] }],
      [{ ...fine, shape: [1, 3], data: [1, 2, 3] }],
      [fine, fine, fine],
    ])
      assert.equal(infer({ inputs }), undefined, JSON.stringify(inputs))
  })

  test('floats of 32 bits are rounded to these', () => {
    const { score } = rowReader({ columns: [column('f', 'float', 0), column('b', 'boolean', 1)] })
    assert.deepEqual(score({ input_data: [[0.1, true]] })?.numbers, Float64Array.of(Math.fround(0.1), 1))
  })
})
