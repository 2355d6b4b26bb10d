import type { DuckDBConnection } from '@duckdb/node-api'
import { createCounter } from '../histograms/count.ts'
import type { CountOptions, Histogram } from '../histograms/grid.ts'
import { createDoubleReader } from './doubles.ts'

/** Values that are counted together: counting one column for a while keeps its cells in the processor's cache. */
const together = 16 * 2048

/**
 * Counts each column of an answer in the cells of its grid, while the answer comes. DuckDB's own grouping costs four times
 * as much: it looks each value's group up in a hash table.
 */
export async function histogramsOf(
  connection: DuckDBConnection,
  sql: string,
  { grids, deviations = false }: CountOptions,
): Promise<readonly Histogram[]> {
  const result = await connection.stream(sql)
  const counters = grids.map((grid) => createCounter(grid, deviations))
  const read = createDoubleReader()
  const gathered = grids.map(() => new Float64Array(together))
  let length = 0
  const count = () => {
    for (const [i, values] of gathered.entries()) counters[i]?.add(values, length)
    length = 0
  }
  // The next part is read while this one is counted.
  let next = result.fetchChunk()
  for (let chunk = await next; chunk !== null && chunk.rowCount > 0; chunk = await next) {
    next = result.fetchChunk()
    const { rowCount } = chunk
    if (length + rowCount > together) count()
    for (const [i, values] of gathered.entries()) read(chunk.getColumnVector(i), values, length)
    length += rowCount
  }
  count()
  return counters.map((counter) => counter.histogram())
}
