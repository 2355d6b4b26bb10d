import { confusion } from '../../../statistics/metrics/classification/confusion.ts'
import { costCurve } from '../../../statistics/metrics/classification/cost-curve.ts'
import { quantileSorted } from '../../../statistics/distributions/quantiles.ts'
import { operatingPoints, type OperatingPoint } from '../../../statistics/metrics/ranking/ranking.ts'
import { scoreCounts } from '../../../statistics/metrics/ranking/score-counts.ts'
import { rounded } from '../../evaluation/findings.ts'
import type { ModelAnswers } from '../../evaluation/rows/answers.ts'
import type { EvaluationRows } from '../../evaluation/rows/read-rows.ts'

export type Point = readonly [x: number, y: number]

/** What charts of one model show. */
export interface ModelCurves {
  /** False positive rate and true positive rate, from the highest threshold down. */
  readonly roc?: readonly Point[]
  /** Recall and precision. */
  readonly precisionRecall?: readonly Point[]
  /** Least cost by probability-cost: see `costCurve`. */
  readonly cost?: readonly Point[]
  /** Where the model's own threshold lies on both, at the first of equal predictions. */
  readonly working?: { readonly roc: Point; readonly precisionRecall: Point }
  /** Counts `[true][predicted]`. */
  readonly confusion?: readonly (readonly number[])[]
  /** Share of the rows predicted positive. */
  readonly positiveRate?: number
  /** Of a regression: mean truth and prediction of tenths of the rows by prediction, and where residuals lie. */
  readonly tenths?: readonly Point[]
  readonly residuals?: { readonly edges: readonly number[]; readonly counts: readonly number[] }
}

const mostPoints = 160
/** A table of more classes than this is not read by people. */
const mostClasses = 12

/** The curves of one model's answers. */
export function curvesOf(rows: EvaluationRows, answers: ModelAnswers): ModelCurves {
  if (rows.task === 'regression') return regressionCurves(rows.labels, answers.predictions)
  const { labels, classes } = rows
  const table = confusion({ labels, predictions: answers.predictions }, classes.length)
  const square = classes.map((_, i) => classes.map((_, j) => table.cells[i * classes.length + j] ?? 0))
  const small = classes.length <= mostClasses ? { confusion: square } : {}
  if (rows.task !== 'binary') return small
  const [[tn = 0, fp = 0] = [], [fn = 0, tp = 0] = []] = square
  const working = {
    roc: [rounded(fp / (fp + tn)), rounded(tp / (tp + fn))] as const,
    precisionRecall: [rounded(tp / (tp + fn)), rounded(tp + fp === 0 ? 1 : tp / (tp + fp))] as const,
  }
  const base = { ...small, working, positiveRate: (tp + fp) / labels.length }
  if (answers.scores === undefined) return base
  const counts = scoreCounts({ labels, scores: answers.scores })
  const points = operatingPoints(counts)
  const start: Point = [0, 0]
  return {
    ...base,
    roc: [start, ...thinned(points, (p) => [p.falsePositiveRate, p.truePositiveRate])],
    precisionRecall: thinned(points, (p) => [p.truePositiveRate, p.precision]),
    cost: costCurve(counts).map(({ probabilityCost, cost }) => [rounded(probabilityCost), rounded(cost)]),
  }
}

/** Points that are far enough from the one before to be seen, with both ends. */
function thinned(points: readonly OperatingPoint[], of: (point: OperatingPoint) => Point): Point[] {
  const kept: Point[] = []
  for (const [i, point] of points.entries()) {
    const [x, y] = of(point)
    const last = kept.at(-1)
    const far = last === undefined || Math.hypot(x - last[0], y - last[1]) > 2 / mostPoints
    if (far || i === points.length - 1) kept.push([rounded(x), rounded(y)])
  }
  return kept
}

function regressionCurves(labels: Float64Array, predictions: Float64Array): ModelCurves {
  const order = Uint32Array.from(labels.keys()).sort(
    (a, b) => (predictions[a] ?? 0) - (predictions[b] ?? 0) || a - b,
  )
  const tenths = Array.from({ length: 10 }, (_, tenth): Point => {
    const own = order.subarray(
      Math.floor((tenth * order.length) / 10),
      Math.floor(((tenth + 1) * order.length) / 10),
    )
    const mean = (column: Float64Array) => own.reduce((sum, row) => sum + (column[row] ?? 0), 0) / own.length
    return [rounded(mean(predictions)), rounded(mean(labels))]
  }).filter(([x]) => !Number.isNaN(x))
  const residuals = predictions.map((prediction, i) => prediction - (labels[i] ?? 0)).sort()
  const [low, high] = [quantileSorted(residuals, 0.005), quantileSorted(residuals, 0.995)]
  const bins = 31
  const counts = Array.from({ length: bins }, () => 0)
  if (high > low)
    for (const residual of residuals) {
      const bin = Math.min(bins - 1, Math.max(0, Math.floor(((residual - low) / (high - low)) * bins)))
      counts[bin] = (counts[bin] ?? 0) + 1
    }
  const edges = Array.from({ length: bins + 1 }, (_, i) => rounded(low + ((high - low) * i) / bins))
  return { tenths, ...(high > low ? { residuals: { edges, counts } } : {}) }
}
