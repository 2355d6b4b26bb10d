import { kolmogorovSmirnovNull, totalVariationNull } from '../../../../../src/statistics/drift/null.ts'
import type { DataDiff, DiffColumn } from '../../../api/data-diffs.ts'

/** A column that has not changed lies beyond `chanceOf` once in a thousand. */
const seldom = 0.001

/**
 * How far apart two samples of these sizes are by chance alone, of a column that has not changed: what a distance has to
 * be beyond to say anything. 0 where one side has no values.
 */
export function chanceOf(column: DiffColumn, { from, to }: Pick<DataDiff, 'from' | 'to'>): number {
  const sizes = {
    reference: from.rows * (1 - column.missing.from),
    current: to.rows * (1 - column.missing.to),
  }
  if (!(sizes.reference > 0 && sizes.current > 0)) return 0
  const { distinct } = column
  return column.kind === 'categorical'
    ? totalVariationNull(sizes, Math.max(distinct?.from ?? 2, distinct?.to ?? 2), seldom)
    : kolmogorovSmirnovNull(sizes, seldom)
}
