import type { ColumnProfile } from './profile.ts'

/** Counts of neighbouring bins put together, so that at most so many are left. */
export function coarser(counts: readonly number[], most: number): readonly number[] {
  const each = Math.ceil(counts.length / most)
  return Array.from({ length: Math.ceil(counts.length / each) }, (_, i) =>
    counts.slice(i * each, (i + 1) * each).reduce((a, b) => a + b, 0),
  )
}

/** Bars of a column in a line of text: its histogram, or the counts of its most frequent values. */
export const barsOf = ({ histogram, top }: ColumnProfile, most: number): readonly number[] =>
  histogram === undefined ? top.slice(0, most).map(({ count }) => count) : coarser(histogram.counts, most)
