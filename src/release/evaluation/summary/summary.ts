import { bandsOf, gridOf, type Band, type Grid } from '../../../statistics/distributions/grid.ts'
import { confusion } from '../../../statistics/metrics/classification/confusion.ts'
import { scoreBins, type ScoreBins } from '../../../statistics/metrics/ranking/score-bins.ts'
import { scoreCounts } from '../../../statistics/metrics/ranking/score-counts.ts'
import { rounded, type Judged } from '../findings.ts'
import type { ModelAnswers } from '../rows/answers.ts'
import type { EvaluationRows } from '../rows/read-rows.ts'
import { slicesOf, type SliceColumnSummary } from './slices.ts'

/** Name of the file among a gate's evidence. */
export const predictionsFile = 'predictions.json'

/**
 * What models said of rows with the truth, so condensed that curves, thresholds and slices can be looked at long after the
 * rows are gone: the file `predictions.json` of a gate's evidence. Rows are not weighted.
 */
export interface PredictionSummary {
  /** Version of this document's shape. */
  readonly format: 1
  readonly data: string
  readonly target: string
  readonly task: EvaluationRows['task']
  /** Of two classes the positive one last; none of a regression. */
  readonly classes: readonly string[]
  readonly rows: number
  /** False where rows come in clusters or periods: intervals that take them one by one are too narrow then. */
  readonly independent: boolean
  /** The candidate, then the champion if there is one. */
  readonly models: readonly ModelSummary[]
  readonly slices: readonly SliceColumnSummary[]
}

export interface ModelSummary {
  readonly role: 'candidate' | 'champion'
  /** `flight-delay:3`. */
  readonly model: string
  /** Probabilities of the positive class, of two. */
  readonly scores?: ScoreBins
  /** Counts `[true][predicted]`, as the model itself decides. */
  readonly confusion?: readonly (readonly number[])[]
  /** Of a regression: truth by prediction, what it was off (truth less prediction) by prediction, and that in bands. */
  readonly truth?: Grid
  readonly residuals?: Grid
  readonly bands?: readonly Band[]
  /** Rows without an answer. */
  readonly failed: number
}

/** A table of more classes than this is not read by people. */
const mostClasses = 12

/** Condenses the answers of both models to the same rows. Pure. */
export function summaryOf(rows: EvaluationRows, target: string, judged: Judged): PredictionSummary {
  const models = [
    { role: 'candidate' as const, model: judged.candidate, answers: rows.candidate },
    ...(rows.champion === undefined
      ? []
      : [{ role: 'champion' as const, model: judged.champion ?? 'champion', answers: rows.champion }]),
  ]
  return {
    format: 1,
    data: judged.data,
    target,
    task: rows.task,
    classes: rows.classes,
    rows: rows.rows,
    independent: rows.dependence.by === 'row',
    models: models.map(({ role, model, answers }) => ({
      role,
      model,
      failed: answers.failed,
      ...(rows.task === 'regression' ? numbers(rows.labels, answers) : classes(rows, answers)),
    })),
    slices: slicesOf(rows),
  }
}

function classes({ task, classes: names, labels }: EvaluationRows, { predictions, scores }: ModelAnswers) {
  const width = names.length
  const { cells } = confusion({ labels, predictions }, width)
  const square = names.map((_, i) => names.map((__, j) => cells[i * width + j] ?? 0))
  return {
    ...(width <= mostClasses ? { confusion: square } : {}),
    ...(task === 'binary' && scores !== undefined
      ? { scores: short(scoreBins(scoreCounts({ labels, scores }))) }
      : {}),
  }
}

/** Scores with as many digits as a threshold can mean; the least of a bin is never rounded up, past its own rows. */
const short = (bins: ScoreBins): ScoreBins => ({
  ...bins,
  least: bins.least.map((score) => Math.floor(score * 1e6 + 1e-6) / 1e6),
  mean: bins.mean.map((score) => rounded(score, 6)),
})

function numbers(labels: Float64Array, { predictions }: ModelAnswers) {
  const off = labels.map((label, i) => label - (predictions[i] ?? Number.NaN))
  return {
    truth: shortGrid(gridOf(predictions, labels)),
    residuals: shortGrid(gridOf(predictions, off)),
    bands: bandsOf(predictions, off).map((band) => ({
      x: rounded(band.x),
      rows: band.rows,
      p10: rounded(band.p10),
      p50: rounded(band.p50),
      p90: rounded(band.p90),
    })),
  }
}

const shortGrid = (grid: Grid): Grid => ({
  ...grid,
  x: grid.x.map((edge) => rounded(edge, 6)),
  y: grid.y.map((edge) => rounded(edge, 6)),
})
