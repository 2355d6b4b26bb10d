import type { ColumnProfile } from './profile.ts'

/** Counts of neighbouring bins put together, so that at most so many are left. */
export function coarser(counts: readonly number[], most: number): readonly number[] {
  const each = Math.ceil(counts.length / most)
  return Array.from({ length: Math.ceil(counts.length / each) }, (_, i) =>
    counts.slice(i * each, (i + 1) * each).reduce((a, b) => a + b, 0),
  )
}

/** True of columns whose values are told one by one; numbers may be categories, too. */
export const isCategorical = ({ semanticType }: ColumnProfile): boolean =>
  semanticType === 'categorical' || semanticType === 'boolean'

/** Bars of a column in a line of text: its histogram, or the counts of its most frequent values. */
export const barsOf = (column: ColumnProfile, most: number): readonly number[] =>
  column.histogram === undefined || isCategorical(column)
    ? column.top.slice(0, most).map(({ count }) => count)
    : coarser(column.histogram.counts, most)
