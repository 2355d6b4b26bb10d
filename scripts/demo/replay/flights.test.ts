import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { columns, flightsOf } from './flights.ts'

const example = join(import.meta.dirname, '../../../examples/flights')

test('flights are asked about as the example’s Python has them', async () => {
  const request = JSON.parse(readFileSync(join(example, 'request.json'), 'utf8')) as {
    input_data: { columns: string[]; data: (string | number | null)[][] }
  }
  const arrivals = JSON.parse(readFileSync(join(example, 'arrivals.json'), 'utf8')) as {
    minutes_late: number
  }[]
  const flights = await flightsOf(example, '2013-04')
  assert.equal(flights.length, 28_330)
  assert.deepEqual(columns, [...request.input_data.columns, 'time_hour'])
  const known = new Map(flights.map(({ values, late }) => [JSON.stringify(values.slice(0, -1)), late]))
  for (const [i, row] of request.input_data.data.entries())
    assert.equal(known.get(JSON.stringify(row)), (arrivals[i]?.minutes_late ?? 0) > 15, `row ${i}`)
})

test('flights that never arrived are neither late nor in time', async () => {
  const flights = await flightsOf(example, '2013-04')
  assert.equal(flights.filter(({ late }) => late === undefined).length, 766)
})
