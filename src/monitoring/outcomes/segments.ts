import { NoData } from '../populations/population.ts'

/** Some of the columns that divide the rows, whose values make segments together; none of them: all rows. */
export interface SegmentSet {
  readonly names: readonly string[]
  /** Columns of the outcomes' view. */
  readonly columns: readonly string[]
}

/** Every column by itself, and every pair of them: more together leave too few rows in each. All rows come first. */
export function segmentSets(segments: readonly string[]): readonly SegmentSet[] {
  const of = (...places: readonly number[]): SegmentSet => ({
    names: places.map((place) => segments[place] ?? ''),
    columns: places.map((place) => `s${place}`),
  })
  return [
    of(),
    ...segments.map((_, i) => of(i)),
    ...segments.flatMap((_, i) => segments.slice(i + 1).map((_name, j) => of(i, i + 1 + j))),
  ]
}

/** SQL that begins a select of groups, and what ends it: `select ${columns} … from … ${groupBy}`. */
export const groupingSql = ({ columns }: SegmentSet) => ({
  /** With a comma behind it. */
  columns: columns.map((column) => `${column}, `).join(''),
  /** Of a `partition by`. */
  partition: columns.length === 0 ? '' : `partition by ${columns.join(', ')}`,
  groupBy: columns.length === 0 ? '' : `group by ${columns.join(', ')}`,
})

export type Segment = Readonly<Record<string, string>>

/** The segment that a row of an answer is about; undefined of all rows. */
export const segmentOf = ({ names }: SegmentSet, row: readonly unknown[]): Segment | undefined =>
  names.length === 0 ? undefined : Object.fromEntries(names.map((name, i) => [name, String(row[i])]))

/** The same segment of two answers has the same key. */
export const segmentKey = (segment: Segment | undefined): string =>
  segment === undefined ? '' : JSON.stringify(Object.entries(segment))

/** More segments than this are no segments. */
export const mostSegments = 500

/** Throws NoData where a column has too many values to make segments of. */
export function requireFew(set: SegmentSet, count: number): void {
  if (count > mostSegments)
    throw new NoData(
      `${set.names.join(' and ')} divide the rows into more than ${mostSegments} segments: take a column with fewer values.`,
    )
}
