import type { Session } from '../../../../analytics/analytics.ts'
import type { Grid, Histogram } from '../../../../analytics/histograms/grid.ts'
import type { Json } from '../../../../kernel/resources/resource.ts'
import { inOneLook } from './in-one-look.ts'
import type { CommonColumn } from '../common-columns.ts'
import { numberSql, type Side, type SideFacts } from '../sides.ts'

/** Opens a session that sees both sides: one of its own, or one that is open. */
export type Ask = <T>(use: (session: Session) => Promise<T>) => Promise<T>

/** Keeps what was computed of a side that stays the same. */
export type Cached = (key: string, compute: () => Promise<Json>) => Promise<Json>

/** A side with what is known of it. */
export interface Known {
  readonly side: Side
  readonly facts: SideFacts
}

/** A column of numbers, and the cells that they are counted in. */
export interface Gridded {
  readonly column: CommonColumn
  readonly grid: Grid
}

/** Columns that are counted in one look: the cells of each take some hundred kilobytes. */
const atOnce = 100

/** Counts columns of one side, each in its grid, in one look at the rows that count. */
export function countCells(
  ask: Ask,
  { side, facts }: Known,
  columns: readonly Gridded[],
  { deviations = false }: { readonly deviations?: boolean } = {},
): Promise<readonly Histogram[]> {
  const where = facts.filter === undefined ? '' : ` where ${facts.filter}`
  return ask(async (session) => {
    const found: Histogram[] = []
    for (let i = 0; i < columns.length; i += atOnce) {
      const part = columns.slice(i, i + atOnce)
      const select = part.map(({ column }, at) => `${numberSql(side, column)} as x${at}`)
      const sql = `select ${select.join(', ')} from ${side.relation}${where}`
      found.push(...(await session.histograms(sql, { grids: part.map(({ grid }) => grid), deviations })))
    }
    return found
  })
}

/** The same with deviations, but for columns whose counts are kept by the side's key. */
export async function keptCells(
  ask: Ask,
  cached: Cached,
  known: Known,
  columns: readonly Gridded[],
): Promise<readonly Histogram[]> {
  const kept = await inOneLook<Gridded, Histogram, Json>(
    columns,
    (gridded, compute) => cached(keyOf(known, gridded), async () => toJson(await compute())),
    (missing) => countCells(ask, known, missing, { deviations: true }),
  )
  return kept.map(fromJson)
}

/** The first of a side's rows that count, as a side of their own. */
export function firstRows({ side, facts }: Known, rows: number): Known {
  const where = facts.filter === undefined ? '' : ` where ${facts.filter}`
  return {
    side: {
      ...side,
      relation: `(select * from ${side.relation}${where} limit ${rows})`,
      key: `the first ${rows} of ${side.key}, ${facts.filter ?? ''}`,
    },
    facts: { ...facts, filter: undefined },
  }
}

const keyOf = ({ side, facts }: Known, { column, grid: { edges, parts, cuts } }: Gridded): string =>
  `drift cells of ${side.key}: ${column.was}, ${facts.filter ?? ''}, ${JSON.stringify([edges[0], edges.at(-1), edges.length, parts, cuts])}`

/** Lists as the bytes that they are: written out as decimals they would take longer than to be counted. */
function toJson({ cell, deviation, ...lists }: Histogram): Json {
  const bytes = [cell, ...listed.map((name) => lists[name])].map((list) =>
    Buffer.from(list.buffer, list.byteOffset, list.byteLength).toString('base64'),
  )
  return { bytes, deviation: Number.isFinite(deviation) ? deviation : null }
}

const listed = ['count', 'sum', 'min', 'max'] as const

function fromJson(json: Json): Histogram {
  const { bytes, deviation } = json as unknown as {
    readonly bytes: readonly string[]
    readonly deviation: number | null
  }
  const [cell, count, sum, min, max] = bytes.map(
    (text) => Uint8Array.from(Buffer.from(text, 'base64')).buffer,
  )
  const numbers = (buffer: ArrayBuffer | undefined) => new Float64Array(buffer ?? new ArrayBuffer(0))
  return {
    cell: new Int32Array(cell ?? new ArrayBuffer(0)),
    count: numbers(count),
    sum: numbers(sum),
    min: numbers(min),
    max: numbers(max),
    deviation: deviation ?? Number.NaN,
  }
}
