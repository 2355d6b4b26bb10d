import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { DuckDBInstance, type DuckDBConnection, type DuckDBVector } from '@duckdb/node-api'
import { createDoubleReader } from './doubles.ts'

/** Rows enough for a vector that is full and one that is not. */
const rows = 3000

/** Expressions over i of 0 to `rows`, of every type that becomes a double, with all that is special about doubles. */
const expressions = {
  ...Object.fromEntries(['tinyint', 'utinyint', 'boolean'].map((type) => [type, `(i % 100)::${type}`])),
  ...Object.fromEntries(
    [
      'smallint',
      'integer',
      'bigint',
      'hugeint',
      'usmallint',
      'uinteger',
      'ubigint',
      'uhugeint',
      'float',
      'decimal(12, 3)',
      'varchar',
    ].map((type) => [type, `i::${type}`]),
  ),
  doubles: 'sin(i)',
  special: `([0.0, -0.0, 'NaN', 'Infinity', '-Infinity', 5e-324, 1.7976931348623157e308]::double[])[1 + i % 7]`,
  constant: '7.5',
  time: `epoch_ms(timestamp '2013-01-01' + to_hours(i))`,
  'some null': 'if(i % 3 = 0, null, i)',
  'the last null': `if(i = ${rows - 1}, null, i)`,
  'nulls from the second vector on': 'if(i > 2500, null, i)',
  'all null': 'null',
}

describe('doubles of a vector', () => {
  let connection: DuckDBConnection
  before(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect()
  })
  after(() => connection.closeSync())

  const vectorsOf = async (expression: string) => {
    const result = await connection.stream(`select (${expression})::double from range(${rows}) as r(i)`)
    const vectors: DuckDBVector[] = []
    for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk())
      vectors.push(chunk.getColumnVector(0))
    return vectors
  }
  const asked = (vectors: readonly DuckDBVector[]) =>
    vectors.flatMap((vector) =>
      Array.from({ length: vector.itemCount }, (_, i) => (vector.getItem(i) as number | null) ?? Number.NaN),
    )
  function read(vectors: readonly DuckDBVector[]): readonly number[] {
    const reader = createDoubleReader()
    const into = new Float64Array(rows)
    let at = 0
    for (const vector of vectors) {
      reader(vector, into, at)
      at += vector.itemCount
    }
    return [...into.subarray(0, at)]
  }
  /** A vector that is asked as before, and is otherwise inside. */
  const otherwise = (vector: DuckDBVector, inside: object): DuckDBVector =>
    Object.create(vector, {
      itemCount: { value: vector.itemCount },
      getItem: { value: (i: number) => vector.getItem(i) },
      ...Object.fromEntries(
        Object.entries(inside).map(([name, value]) => [name, { value: value as unknown }]),
      ),
    }) as DuckDBVector

  for (const [name, expression] of Object.entries(expressions))
    test(`${name}: read as they lie, they are what each value is asked for`, async () => {
      const vectors = await vectorsOf(expression)
      assert.equal(vectors.length, 2)
      assert.deepEqual(read(vectors), asked(vectors))
    })

  test('are asked for where DuckDB has them otherwise inside', async () => {
    const vectors = await vectorsOf(expressions['some null'])
    const wanted = asked(vectors)
    const data = (value: bigint) => new BigUint64Array(Math.ceil(rows / 64)).fill(value)
    for (const inside of [
      { items: undefined },
      { items: Array.from({ length: rows }, () => 1) },
      { items: new Float64Array(5) },
      { items: new Float64Array(2048).fill(3) },
      { validity: undefined },
      { validity: { data: null, offset: 0 } },
      { validity: { data: data(0n), offset: 64 } },
      { validity: { data: data(0n), offset: 0 } },
      { validity: { data: new BigUint64Array(1), offset: 0 } },
      { validity: { data: new Uint8Array(1000), offset: 0 } },
      { validity: { data: undefined, offset: 0 } },
    ])
      assert.deepEqual(
        read(vectors.map((vector) => otherwise(vector, inside))),
        wanted,
        JSON.stringify(Object.keys(inside)),
      )
  })

  test('a column of anything else is refused', async () => {
    const chunk = await (await connection.stream('select 1::integer')).fetchChunk()
    const vector = chunk?.getColumnVector(0) as DuckDBVector
    assert.throws(() => createDoubleReader()(vector, new Float64Array(1), 0), /no DOUBLE/)
  })
})
