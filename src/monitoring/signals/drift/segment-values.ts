import { identifier, literal, type Session } from '../../../analytics/analytics.ts'
import { segmentSets, type Segment } from '../../outcomes/segments.ts'
import type { Population } from '../../populations/population.ts'
import { requireColumn } from '../../populations/roles.ts'

/** Rows of a segment of production below which a distribution says nothing. */
const fewest = 30
/** Segments that are looked at, those with the most rows first: each costs a look at every column. */
const most = 50

export interface SegmentValues {
  readonly segments: readonly { readonly segment: Segment; readonly filter: string }[]
  readonly notes: readonly string[]
}

/** The segments of production that have rows enough: each value of each column, and each pair of values of two. */
export async function segmentValues(
  session: Session,
  columns: readonly string[],
  { production, reference }: { readonly production: Population; readonly reference?: Population },
): Promise<SegmentValues> {
  for (const column of columns)
    for (const [source, population] of [
      ['production', production],
      ['the reference', reference],
    ] as const)
      if (population !== undefined)
        requireColumn(column, { columns: population.columns.map(({ name }) => name), source })
  const found: { readonly segment: Segment; readonly filter: string; readonly rows: number }[] = []
  let small = 0
  for (const { names } of segmentSets(columns)) {
    if (names.length === 0) continue
    const keys = names.map((name) => `${identifier(name)}::varchar`)
    const { rows } = await session.all(
      `select ${keys.join(', ')}, count(*) as n from ${production.view}
       where ${keys.map((key) => `${key} is not null`).join(' and ')} group by all order by n desc limit ${most * 2}`,
    )
    for (const row of rows) {
      const values = row.slice(0, names.length).map((value) => value as string)
      const count = Number(row.at(-1))
      if (count < fewest) small += 1
      else
        found.push({
          segment: Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])),
          filter: keys.map((key, i) => `${key} = ${literal(values[i] ?? '')}`).join(' and '),
          rows: count,
        })
    }
  }
  const segments = found.toSorted((a, b) => b.rows - a.rows).slice(0, most)
  return {
    segments,
    notes: [
      ...(small === 0 ? [] : [`Segments with fewer than ${fewest} rows are left out: ${small}.`]),
      ...(found.length <= most
        ? []
        : [`Only the ${most} largest of ${found.length} segments are looked at.`]),
    ],
  }
}
