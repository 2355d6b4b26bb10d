import type { Metric } from '../../metrics/catalogue.ts'
import { rowCount } from '../../metrics/rows.ts'
import type { Random } from '../../random/generator.ts'
import { doubts, unitsOf, type Dependence } from '../dependence.ts'
import type { Difference } from '../verdict.ts'
import { intervalOf } from './methods.ts'
import { evaluated, type PairedRows } from './paired.ts'
import { scaleOf } from './scale.ts'

export interface ComparisonOptions {
  /** Chance that one bound errs: .05 unless said. */
  readonly alpha?: number
  /** Replicates where a bootstrap is needed: 2000 unless said. */
  readonly replicates?: number
  /** Seeded by the caller, so that the interval can be had again. */
  readonly random: Random
  /** How rows belong together: each is its own unless said. */
  readonly dependence?: Dependence
}

/** Fewer rows, or fewer of one of two classes, give no interval. */
export const minimum = { rows: 200, perClass: 30 } as const

export interface Comparison extends Difference {
  readonly champion: number
  readonly challenger: number
  /** The margin in the scale of the difference, if the caller has none of its own. */
  readonly margin: number
}

/**
 * How much better the challenger is than the champion by a metric, on the same rows, with one-sided bounds. The method
 * follows from the metric: paired means and what is linear in them by the central limit theorem, AUC by DeLong, measures of
 * confusion matrices by a multinomial bootstrap of joint cells, rankings and the rest by a paired bootstrap. Clusters and
 * periods are drawn whole. The difference is in the metric's unit, above 0 better; of errors whose margin is a log ratio
 * it is `ln(champion / challenger)`. Fewer than 200 rows, or 30 of a class, and the bounds are NaN: no verdict. Throws a
 * RangeError if the columns differ in length or the metric's column is missing.
 */
export function compareModels(metric: Metric, rows: PairedRows, options: ComparisonOptions): Comparison {
  const { alpha = 0.05, dependence = { by: 'row' } } = options
  const [champion, challenger] = [evaluated(rows, 'champion'), evaluated(rows, 'challenger')]
  const n = rowCount({
    labels: rows.labels,
    weights: rows.weights,
    "the champion's predictions": champion.predictions,
    "the challenger's predictions": challenger.predictions,
    ...codesOf(dependence),
  })
  const missing = unanswered(metric, rows)
  const known = missing.length === 0
  const [a, b] = known ? [metric.value(champion), metric.value(challenger)] : [Number.NaN, Number.NaN]
  const scale = scaleOf(metric, a, b)
  const units = unitsOf(dependence, n)
  const { refused, warnings } = doubts(dependence, units)
  const tooFew = [...missing, ...shortage(metric, rows, n)]
  const base = { champion: a, challenger: b, margin: scale.margin, alpha, rows: n }
  const estimate = scale.of(a, b)
  const untold = (reasons: readonly string[]): Comparison => ({
    ...base,
    estimate,
    standardError: Number.NaN,
    lower: Number.NaN,
    upper: Number.NaN,
    method: 'none',
    warnings: reasons,
  })
  if (refused || tooFew.length > 0) return untold([...warnings, ...tooFew])
  if (Number.isNaN(estimate)) return untold([...warnings, 'The metric has no value on these rows.'])
  const { replicates = 2000, random } = options
  const found = intervalOf(
    metric,
    { champion, challenger, n, scale, estimate },
    { alpha, dependence, replicates, random },
  )
  return { ...base, estimate, ...found, warnings: [...warnings, ...found.warnings] }
}

/** What says how rows belong together. */
function codesOf(dependence: Dependence): Readonly<Record<string, ArrayLike<number>>> {
  switch (dependence.by) {
    case 'row':
      return {}
    case 'stratum':
      return { strata: dependence.strata }
    case 'cluster':
      return { clusters: dependence.clusters }
    case 'time':
      return { periods: dependence.periods }
  }
}

/** Rows that one of the models has no answer for: those are errors, and are never dropped to compare the others. */
function unanswered({ needs }: Metric, rows: PairedRows): string[] {
  return (['champion', 'challenger'] as const).flatMap((who) => {
    const count = Array.from(rows[who][needs] ?? []).filter((answer) => Number.isNaN(answer)).length
    return count === 0 ? [] : [`The ${who} has no answer for ${count} rows: both must answer all.`]
  })
}

/** What is missing for an interval, in sentences: rows, or rows of one of two classes. */
export function shortage(
  metric: Pick<Metric, 'task'>,
  { labels, classes = 2 }: Pick<PairedRows, 'labels' | 'classes'>,
  n: number,
): string[] {
  const few = n < minimum.rows ? [`${n} rows are too few: ${minimum.rows} are needed.`] : []
  if (metric.task === 'regression' || classes > 2) return few
  const positives = Array.from(labels).filter((label) => label === 1).length
  return [
    ...few,
    ...[positives, n - positives].flatMap((count, i) =>
      count < minimum.perClass ? [`Class ${1 - i} has ${count} rows: ${minimum.perClass} are needed.`] : [],
    ),
  ]
}
