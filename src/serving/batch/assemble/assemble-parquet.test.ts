import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openColumns, type Columns } from '../../../analytics/columns/columns.ts'
import { assembleParquet } from './assemble-parquet.ts'

describe('parts of predictions become one Parquet file', () => {
  let folder: string
  let columns: Columns
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twinloop-'))
    columns = await openColumns({ memoryBytes: 128 * 2 ** 20, spill: folder })
  })
  after(async () => {
    columns.close()
    await rm(folder, { recursive: true })
  })
  const path = (name: string) => join(folder, name)
  const lines = async (name: string, ...rows: readonly object[]) => {
    await writeFile(path(name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    return path(name)
  }
  const assembled = async (...parts: readonly string[]) => {
    await assembleParquet(columns, parts, path('all.parquet'))
    const whole = `select * from read_parquet('${path('all.parquet')}')`
    const described = await columns.describe(whole)
    const rows: unknown[][] = []
    for await (const batch of columns.scan(whole))
      for (let row = 0; row < batch.rowCount; row++) rows.push(described.map((_, i) => batch.values(i)[row]))
    return { types: described.map(({ name, type }) => `${name} ${type}`), rows }
  }

  test('in their order, with one type a column, whatever format each has', async () => {
    const first = await lines('1', { row: 1, score: 1 }, { row: 2, score: 0.5 })
    await columns.run(
      `copy (select 3::integer as row, 0.25::float as score) to '${path('2')}' (format parquet)`,
    )
    const empty = await lines('3')
    const last = await lines('4', { row: 4, score: null, late: true })
    const { types, rows } = await assembled(first, path('2'), empty, last)
    assert.deepEqual(types, ['row BIGINT', 'score DOUBLE', 'late BOOLEAN'])
    assert.deepEqual(
      rows.map(([row, ...rest]) => [Number(row), ...rest]),
      [
        [1, 1, null],
        [2, 0.5, null],
        [3, 0.25, null],
        [4, null, true],
      ],
    )
  })

  test('texts stay texts, and times are times', async () => {
    const uuid = '6fa459ea-ee8a-3ca4-894e-db77e160355e'
    const part = await lines('texts', {
      on: '2013-04-01',
      at: '2013-04-01T05:00:00',
      when: '05:00:00',
      uuid,
    })
    const { types, rows } = await assembled(part)
    assert.deepEqual(types, ['on VARCHAR', 'at TIMESTAMP', 'when VARCHAR', 'uuid VARCHAR'])
    assert.deepEqual([rows[0]?.[0], rows[0]?.[2], rows[0]?.[3]], ['2013-04-01', '05:00:00', uuid])
  })

  test('of no rows it is a file without any', async () => {
    assert.deepEqual((await assembled()).rows, [])
    assert.deepEqual((await assembled(await lines('none'))).rows, [])
  })
})
