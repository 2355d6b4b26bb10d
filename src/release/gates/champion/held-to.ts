import { quantity } from '../../../data/contracts/words/say.ts'
import { compareModels, shortage, type Comparison } from '../../../statistics/comparison/models/compare.ts'
import { estimateMetric, type MetricEstimate } from '../../../statistics/comparison/models/estimate.ts'
import type { PairedRows } from '../../../statistics/comparison/models/paired.ts'
import { judge, rowsNeeded, type Judgement } from '../../../statistics/comparison/verdict.ts'
import type { Metric } from '../../../statistics/metrics/catalogue.ts'
import { normalQuantile } from '../../../statistics/probability/normal.ts'
import { mulberry32 } from '../../../statistics/random/generator.ts'
import { finite, intervalOf } from '../../evaluation/findings.ts'
import type { EvaluationRows } from '../../evaluation/rows/read-rows.ts'
import type { GateVerdict, Measure } from '../gate.ts'
import type { Demand } from './parameters.ts'

/** A metric of both models on the rows, and what it was held to. */
export interface MetricFinding {
  readonly name: string
  readonly better: Metric['better']
  readonly candidate: MetricEstimate
  readonly champion?: MetricEstimate
  readonly comparison?: Comparison
  readonly judgement?: Judgement
  readonly measures: readonly Measure[]
}

/** Both models' answers as the statistics take them: the candidate challenges. */
export function pairedOf({ labels, candidate, champion, weights, classes }: EvaluationRows): PairedRows {
  return {
    labels,
    champion: champion ?? candidate,
    challenger: candidate,
    ...(weights === undefined ? {} : { weights }),
    ...(classes.length === 0 ? {} : { classes: classes.length }),
  }
}

/**
 * A metric of the candidate, with its threshold where it has one, and against the champion where there is one. A threshold
 * is kept if the one-sided bound is on its right side, missed if the other bound is on the wrong side, and inconclusive
 * else; a comparison is judged by `judge`. The seed belongs to the metric, so that another metric beside it changes nothing.
 */
export function heldTo(
  name: string,
  metric: Metric,
  demand: Demand,
  rows: EvaluationRows,
  seed: number,
): MetricFinding {
  const { dependence } = rows
  const random = () => mulberry32(seed ^ hashOf(name))
  const options = { alpha: 2 * (1 - demand.confidence), dependence }
  const paired = pairedOf(rows)
  const common = {
    labels: rows.labels,
    ...(rows.weights && { weights: rows.weights }),
    classes: rows.classes.length || 2,
  }
  const candidate = estimateMetric(metric, { ...common, ...rows.candidate }, { ...options, random: random() })
  const tooFew = shortage(metric, { labels: rows.labels, classes: common.classes }, rows.rows)
  const own = ownMeasure(name, demand, candidate, tooFew)
  if (rows.champion === undefined) return { name, better: metric.better, candidate, measures: [own] }
  const champion = estimateMetric(metric, { ...common, ...rows.champion }, { ...options, random: random() })
  const comparison = compareModels(metric, paired, {
    alpha: 1 - demand.confidence,
    dependence,
    random: random(),
  })
  const margin = marginOf(metric, comparison, demand.margin)
  const judgement = judge(comparison, margin)
  const theirs: Measure = {
    name,
    of: 'champion',
    estimate: finite(champion.estimate),
    ...intervalOf(champion, demand.confidence),
    n: champion.rows,
    method: champion.method,
  }
  return {
    name,
    better: metric.better,
    candidate,
    champion,
    comparison,
    judgement,
    measures: [own, theirs, comparisonMeasure(name, metric, comparison, judgement, demand)],
  }
}

/** A margin in the scale of the difference: the metric's own, unless the plan has one. */
export function marginOf({ margin }: Metric, comparison: Comparison, given: number | undefined): number {
  if (given === undefined) return comparison.margin
  switch (margin.of) {
    case 'difference':
      return given
    case 'share':
      return given * Math.abs(comparison.champion)
    case 'log_ratio':
      return isRatio(margin.of, comparison) ? Math.log1p(given) : given * Math.abs(comparison.champion)
  }
}

const isRatio = (of: Metric['margin']['of'], { champion, challenger }: Comparison) =>
  of === 'log_ratio' && champion > 0 && challenger > 0

function ownMeasure(
  name: string,
  demand: Demand,
  estimate: MetricEstimate,
  tooFew: readonly string[],
): Measure {
  const { min, max, confidence } = demand
  const base: Measure = {
    name,
    estimate: finite(estimate.estimate),
    ...intervalOf(estimate, confidence),
    n: estimate.rows,
    method: estimate.method,
  }
  if (min === undefined && max === undefined) return base
  const bound = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
  const limit = [
    ...(min === undefined ? [] : [`at least ${quantity(min)}`]),
    ...(max === undefined ? [] : [`at most ${quantity(max)}`]),
  ].join(' and ')
  if (tooFew.length > 0) return { ...base, limit, bound, verdict: 'inconclusive', note: tooFew.join(' ') }
  const { lower, upper } = estimate
  const low = min ?? -Infinity
  const high = max ?? Infinity
  const verdict: GateVerdict =
    lower >= low && upper <= high ? 'pass' : upper < low || lower > high ? 'fail' : 'inconclusive'
  return { ...base, limit, bound, verdict, ...noteOf(estimate, low, high, confidence, verdict) }
}

/** Why an estimate decides nothing, and what would. */
function noteOf(
  { estimate, lower, upper, rows, warnings }: MetricEstimate,
  low: number,
  high: number,
  confidence: number,
  verdict: GateVerdict,
): { readonly note?: string } {
  if (Number.isNaN(estimate)) return { note: 'It has no value on these rows.' }
  if (verdict !== 'inconclusive') return warnings.length === 0 ? {} : { note: warnings.join(' ') }
  if (Number.isNaN(lower)) return { note: warnings.join(' ') || 'Its interval cannot be told.' }
  const room = Math.min(estimate - low, high - estimate)
  if (room <= 0) return { note: 'The estimate is beyond the limit, and the interval is not wholly.' }
  const error = (upper - lower) / (2 * normalQuantile(confidence))
  const needed = Math.ceil(rows * (((normalQuantile(confidence) + normalQuantile(0.8)) * error) / room) ** 2)
  return { note: `The limit lies within the interval. About ${quantity(needed)} rows would tell.` }
}

function comparisonMeasure(
  name: string,
  metric: Metric,
  comparison: Comparison,
  { verdict, margin, worse, unchanged }: Judgement,
  demand: Demand,
): Measure {
  const { estimate, lower, upper, rows, method, warnings, alpha } = comparison
  const ratio = isRatio(metric.margin.of, comparison)
  const sign = metric.better === 'higher' ? 1 : -1
  // Of a log ratio `ln(champion / candidate)` the reader is shown candidate / champion.
  const shown = ratio
    ? { estimate: Math.exp(-estimate), lower: Math.exp(-upper), upper: Math.exp(-lower) }
    : sign > 0
      ? { estimate, lower, upper }
      : { estimate: -estimate, lower: -upper, upper: -lower }
  const isJudged = demand.not_worse_than !== undefined || demand.better_than !== undefined
  const limit = demand.better_than
    ? `better than the champion`
    : ratio
      ? `at most ${quantity(Math.exp(margin))} times the champion's`
      : `not worse than the champion by more than ${quantity(margin)}`
  return {
    name,
    of: ratio ? 'ratio' : 'difference',
    estimate: finite(shown.estimate),
    ...intervalOf(shown, 1 - alpha),
    n: rows,
    method,
    ...(isJudged
      ? {
          limit,
          bound: boundOf(ratio, sign, demand.better_than ? 0 : margin),
          verdict: demand.better_than ? betterThan(comparison, unchanged) : verdicts[verdict],
        }
      : {}),
    note: [
      unchanged ? 'Both models answer alike.' : words[verdict],
      ...(worse && verdict === 'non_inferior' ? ['It is surely worse, though by less than the margin.'] : []),
      ...(isJudged && verdict === 'inconclusive' && comparison.standardError > 0 && margin > 0
        ? [`About ${quantity(rowsNeeded(comparison, margin))} rows would tell.`]
        : []),
      ...warnings,
    ].join(' '),
  }
}

/** Where a comparison that is not worse than by a margin ends, on the scale on which it is shown. */
const boundOf = (isOfRatio: boolean, sign: number, margin: number): NonNullable<Measure['bound']> =>
  isOfRatio ? { max: Math.exp(margin) } : sign > 0 ? { min: 0 - margin } : { max: margin }

const verdicts = {
  superior: 'pass',
  non_inferior: 'pass',
  inferior: 'fail',
  inconclusive: 'inconclusive',
} as const
const words = {
  superior: 'Superior.',
  non_inferior: 'Non-inferior.',
  inferior: 'Inferior.',
  inconclusive: 'Inconclusive.',
} as const

/** Superiority is shown or refuted; no difference at all refutes it. */
const betterThan = ({ lower, upper }: Comparison, unchanged: boolean): GateVerdict =>
  unchanged || upper <= 0 ? 'fail' : lower > 0 ? 'pass' : 'inconclusive'

/** FNV-1a of a text, for seeds. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
