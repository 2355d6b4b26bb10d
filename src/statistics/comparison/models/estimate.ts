import { twoSided, type Interval } from '../../intervals/interval.ts'
import { confusion } from '../../metrics/classification/confusion.ts'
import type { Evaluated, Metric } from '../../metrics/catalogue.ts'
import { rowCount, type Column } from '../../metrics/rows.ts'
import { drawMultinomial } from '../../random/draws.ts'
import { bootstrap, percentileInterval, replicatesOf } from '../../resampling/bootstrap.ts'
import { littleBootstraps } from '../../resampling/little-bootstraps.ts'
import { aucInterval, delong } from '../delong.ts'
import { doubts, spreadOf, unitsOf } from '../dependence.ts'
import type { ComparisonOptions } from './compare.ts'
import { manyRows } from './methods.ts'
import { bootstrapScores, pairedScores } from './scores.ts'

export interface MetricEstimate extends Interval {
  readonly estimate: number
  readonly rows: number
  readonly method: string
  readonly warnings: readonly string[]
}

/**
 * A metric of one model with its two-sided interval, for reports and for limits that a model has to keep by itself: it
 * keeps one surely if the whole interval does. The methods are those of `compareModels`. The bounds are NaN where the
 * metric has no value, or where clusters or periods are too few.
 */
export function estimateMetric(metric: Metric, rows: Evaluated, options: ComparisonOptions): MetricEstimate {
  const { alpha = 0.05, replicates = 2000, random, dependence = { by: 'row' } } = options
  const { labels, predictions, weights } = rows
  const n = rowCount({ labels, predictions, weights })
  const units = unitsOf(dependence, n)
  const { refused, warnings } = doubts(dependence, units)
  const estimate = metric.value(rows)
  const told = (interval: Interval, method: string): MetricEstimate => ({
    estimate,
    rows: n,
    lower: interval.lower,
    upper: interval.upper,
    method,
    warnings,
  })
  const { kind } = metric
  if (refused || Number.isNaN(estimate)) return told({ lower: Number.NaN, upper: Number.NaN }, 'none')
  if (kind.of === 'losses' || kind.of === 'means') {
    const influence =
      kind.of === 'means' ? kind.influence(rows) : kind.losses(rows).map((loss) => loss - estimate)
    const settings = { alpha: alpha / 2, random, replicates }
    const { below, above } = spreadOf(influence, weights, dependence, settings)
    return told({ lower: estimate - below, upper: estimate + above }, 'central limit theorem')
  }
  const isPlain = dependence.by === 'row' && weights === undefined
  if (kind.of === 'scores' && kind.isArea && isPlain) {
    const { variance } = delong(labels, rows.scores ?? [], rows.scores ?? [])
    return told(aucInterval(estimate, variance[0], twoSided(alpha)), 'DeLong, logit scale')
  }
  if (kind.of === 'confusion' && isPlain) {
    const table = confusion({ labels, predictions: predictions ?? [] }, rows.classes)
    const cells = new Float64Array(table.cells.length)
    const drawn = Float64Array.from({ length: replicates }, () => {
      drawMultinomial(random, n, table.cells, cells)
      return kind.measure({ classes: table.classes, cells })
    })
    return told(percentileInterval(replicatesOf(estimate, drawn), alpha), 'multinomial bootstrap of cells')
  }
  if (kind.of === 'scores') {
    const one = { labels, champion: rows.scores ?? [], challenger: rows.scores ?? [] }
    const own = (value: number) => value
    if (isPlain && n > manyRows) {
      const boot = bootstrapScores(one, kind.measure, own, { replicates, random })
      return told(percentileInterval(boot, alpha), 'Poisson bootstrap of scores')
    }
    const pair = pairedScores(weights === undefined ? one : { ...one, weights }, kind.measure, units)
    const settings = { scheme: units.scheme, replicates, random }
    const boot = bootstrap((times) => pair.of(times)[0], units.count, settings)
    return told(percentileInterval(boot, alpha), 'bootstrap')
  }
  if (kind.of === 'rows' && dependence.by === 'row' && n > manyRows) {
    const taken = (column: Column, some: Uint32Array) =>
      Float64Array.from(some, (row) => column[row] ?? Number.NaN)
    const of = (some: Uint32Array) => {
      const subset = { labels: taken(labels, some), predictions: taken(predictions ?? [], some) }
      const own = weights === undefined ? undefined : taken(weights, some)
      return (times: Float64Array) =>
        metric.value({
          ...subset,
          weights: own === undefined ? times : times.map((t, i) => t * (own[i] ?? 0)),
        })
    }
    return told(littleBootstraps(of, n, estimate, { alpha, random }), 'bag of little bootstraps')
  }
  const weighted = new Float64Array(n)
  const statistic = (times: Float64Array) => {
    for (let i = 0; i < n; i++) weighted[i] = (times[units.of?.[i] ?? i] ?? 0) * (weights?.[i] ?? 1)
    return metric.value({ ...rows, weights: weighted })
  }
  const boot = bootstrap(statistic, units.count, { scheme: units.scheme, replicates, random })
  return told(percentileInterval(boot, alpha), 'bootstrap')
}
