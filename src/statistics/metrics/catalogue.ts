import {
  balancedAccuracy,
  cohenKappa,
  confusion,
  matthews,
  type Confusion,
} from './classification/confusion.ts'
import { falsePositiveRate, fScore, precision, recall, type Average } from './classification/precision.ts'
import {
  logLosses,
  multiclassLogLosses,
  multiclassSquaredErrors,
  squaredProbabilityErrors,
} from './classification/probability.ts'
import { binsOfCounts, expectedCalibrationError } from './calibration/curve.ts'
import { multiclassArea, type AreaAverage } from './ranking/multiclass.ts'
import { averagePrecision, ksStatistic, rocAuc } from './ranking/ranking.ts'
import { scoreCounts, type ScoreCounts } from './ranking/score-counts.ts'
import * as regression from './regression/errors.ts'
import * as normalised from './regression/normalised.ts'
import { mean, type Column } from './rows.ts'

/** What a model said of the rows, and what was true. */
export interface Evaluated {
  /** Codes 0, 1, … of classes (of two, 1 is positive), or numbers. */
  readonly labels: Column
  /** Predicted codes or numbers; of a ranking it may be absent. */
  readonly predictions?: Column
  /** Probability of class 1; of more than two classes `scores[row * classes + class]`. */
  readonly scores?: Column
  readonly weights?: Column
  /** 2 unless said. */
  readonly classes?: number
}

/** How a metric is made of rows, which decides how two models are compared. */
export type Kind =
  /** The mean of a loss of each row. */
  | { readonly of: 'losses'; readonly losses: (rows: Evaluated) => Float64Array }
  /** A function of means of rows, with how far each row moves it. */
  | { readonly of: 'means'; readonly influence: (rows: Evaluated) => Float64Array }
  | { readonly of: 'confusion'; readonly measure: (table: Confusion) => number }
  | {
      readonly of: 'scores'
      readonly measure: (counts: ScoreCounts) => number
      /** The area under the ROC curve alone has DeLong's variance. */
      readonly isArea: boolean
    }
  /** None of these; it needs predictions alone. */
  | { readonly of: 'rows' }

export interface Metric {
  readonly task: 'binary' | 'classification' | 'regression'
  readonly needs: 'predictions' | 'scores'
  readonly better: 'higher' | 'lower'
  /**
   * How much worse a challenger may be where nothing else is said: in the metric's unit, as a share of the champion's, or
   * as a share by the logarithm of the ratio.
   */
  readonly margin: { readonly of: 'difference' | 'share' | 'log_ratio'; readonly value: number }
  readonly kind: Kind
  readonly value: (rows: Evaluated) => number
}

const predicted = (rows: Evaluated): Column => given(rows.predictions, 'predictions')
const scored = (rows: Evaluated): Column => given(rows.scores, 'scores')

function given(column: Column | undefined, name: string): Column {
  if (column === undefined) throw new RangeError(`The rows have no ${name}.`)
  return column
}

const withWeights = ({ weights }: Evaluated) => (weights === undefined ? {} : { weights })
const tableOf = (rows: Evaluated) =>
  confusion({ labels: rows.labels, predictions: predicted(rows), ...withWeights(rows) }, rows.classes)
const countsOf = (rows: Evaluated) =>
  scoreCounts({ labels: rows.labels, scores: scored(rows), ...withWeights(rows) })
const regressed = (rows: Evaluated): regression.Regressed => ({
  labels: rows.labels,
  predictions: predicted(rows),
  ...withWeights(rows),
})

const slight = { of: 'difference', value: 0.005 } as const
const percent = { of: 'share', value: 0.01 } as const
const percentRatio = { of: 'log_ratio', value: 0.01 } as const

const ofConfusion = (task: Metric['task'], measure: (table: Confusion) => number): Metric => ({
  task,
  needs: 'predictions',
  better: 'higher',
  margin: slight,
  kind: { of: 'confusion', measure },
  value: (rows) => measure(tableOf(rows)),
})

const ofScores = (measure: (counts: ScoreCounts) => number, isArea = false): Metric => ({
  task: 'binary',
  needs: 'scores',
  better: 'higher',
  margin: slight,
  kind: { of: 'scores', measure, isArea },
  value: (rows) => measure(countsOf(rows)),
})

/** The mean area under the ROC curves of several classes; of two it is the area. */
function ofAreas(average: AreaAverage): Metric {
  const placed = (rows: Evaluated) => {
    const { classes = 2 } = rows
    const scores =
      classes > 2
        ? scored(rows)
        : Float64Array.from({ length: 2 * rows.labels.length }, (_, i) => {
            const p = scored(rows)[i >> 1] ?? Number.NaN
            return i % 2 === 1 ? p : 1 - p
          })
    return multiclassArea({ labels: rows.labels, scores, classes, ...withWeights(rows) }, average)
  }
  return {
    task: 'classification',
    needs: 'scores',
    better: 'higher',
    margin: slight,
    kind: { of: 'means', influence: (rows) => placed(rows).influence },
    value: (rows) => placed(rows).area,
  }
}

const ofLosses = (
  shape: Pick<Metric, 'task' | 'needs' | 'better' | 'margin'>,
  losses: (rows: Evaluated) => Float64Array,
): Metric => ({
  ...shape,
  kind: { of: 'losses', losses },
  value: (rows) => mean(losses(rows), rows.weights),
})

const ofRegression = (
  value: (rows: regression.Regressed) => number,
  { better = 'lower', margin = percent }: Partial<Pick<Metric, 'better' | 'margin'>> = {},
): Metric => ({
  task: 'regression',
  needs: 'predictions',
  better,
  margin,
  kind: { of: 'rows' },
  value: (rows) => value(regressed(rows)),
})

const loss = { task: 'classification', needs: 'scores', better: 'lower', margin: percent } as const
const error = { task: 'regression', needs: 'predictions', better: 'lower', margin: percentRatio } as const
const averages = (name: string, measure: typeof precision) =>
  (['macro', 'micro', 'weighted'] as const satisfies readonly Average[]).map(
    (average) =>
      [`${name}_${average}`, ofConfusion('classification', (table) => measure(table, { average }))] as const,
  )

/** Influence of rows on R²: `−((e² − MSE) − (MSE/V)((y − ȳ)² − V)) / V`. */
function r2Influence(rows: Evaluated): Float64Array {
  const squares = regression.squaredErrors(regressed(rows))
  const centre = mean(Float64Array.from(rows.labels), rows.weights)
  const spread = Float64Array.from(rows.labels, (y) => (y - centre) ** 2)
  const [mse, variance] = [mean(squares, rows.weights), mean(spread, rows.weights)]
  return squares.map((e, i) => (-(e - mse) + (mse / variance) * ((spread[i] ?? 0) - variance)) / variance)
}

/** Influence of rows on a root of a mean: `(e² − MSE) / (2 RMSE)`. */
function rootInfluence(rows: Evaluated): Float64Array {
  const squares = regression.squaredErrors(regressed(rows))
  const mse = mean(squares, rows.weights)
  return squares.map((e) => (mse === 0 ? 0 : (e - mse) / (2 * Math.sqrt(mse))))
}

/** Influence of rows on a ratio of means, Σ|e| / Σ|y|: `(|e| − R |y|) / mean |y|`. */
function wapeInfluence(rows: Evaluated): Float64Array {
  const errors = regression.absoluteErrors(regressed(rows))
  const ratio = regression.weightedAbsolutePercentageError(regressed(rows))
  const sizes = Float64Array.from(rows.labels, Math.abs)
  const size = mean(sizes, rows.weights)
  return errors.map((e, i) => (e - ratio * (sizes[i] ?? 0)) / size)
}

/**
 * The metrics by name: as MLflow and scikit-learn call them, Azure's automated ML where only it has one. A release plan
 * names them, and so may be checked before anything runs.
 */
export const metrics: ReadonlyMap<string, Metric> = new Map<string, Metric>([
  ['accuracy', ofLosses({ ...loss, needs: 'predictions', better: 'higher', margin: slight }, hits)],
  ['balanced_accuracy', ofConfusion('classification', (table) => balancedAccuracy(table))],
  [
    'norm_macro_recall',
    ofConfusion('classification', (table) => balancedAccuracy(table, { adjusted: true })),
  ],
  ['matthews_correlation', ofConfusion('classification', matthews)],
  ['cohen_kappa', ofConfusion('classification', cohenKappa)],
  ['precision', ofConfusion('binary', (table) => precision(table))],
  ['recall', ofConfusion('binary', (table) => recall(table))],
  ['f1_score', ofConfusion('binary', (table) => fScore(table))],
  ['false_positive_rate', { ...ofConfusion('binary', falsePositiveRate), better: 'lower' }],
  ...averages('precision_score', precision),
  ...averages('recall_score', recall),
  ...averages('f1_score', fScore),
  ['roc_auc', ofScores(rocAuc, true)],
  ...(['ovr', 'ovr_weighted', 'ovo'] as const).map(
    (average) => [`roc_auc_${average}`, ofAreas(average)] as const,
  ),
  ['average_precision', ofScores(averagePrecision)],
  ['ks', ofScores(ksStatistic)],
  [
    'log_loss',
    ofLosses(loss, (rows) =>
      (isMulticlass(rows) ? multiclassLogLosses : logLosses)(rows.labels, scored(rows), rows.classes ?? 2),
    ),
  ],
  [
    'brier_score',
    ofLosses(loss, (rows) =>
      (isMulticlass(rows) ? multiclassSquaredErrors : squaredProbabilityErrors)(
        rows.labels,
        scored(rows),
        rows.classes ?? 2,
      ),
    ),
  ],
  [
    'expected_calibration_error',
    { ...ofScores((counts) => expectedCalibrationError(binsOfCounts(counts))), better: 'lower' },
  ],
  ['mean_absolute_error', ofLosses(error, (rows) => regression.absoluteErrors(regressed(rows)))],
  ['mean_squared_error', ofLosses(error, (rows) => regression.squaredErrors(regressed(rows)))],
  [
    'root_mean_squared_error',
    {
      ...ofRegression(regression.rootMeanSquaredError, { margin: percentRatio }),
      kind: { of: 'means', influence: rootInfluence },
    },
  ],
  [
    'r2_score',
    {
      ...ofRegression(regression.r2Score, { better: 'higher', margin: slight }),
      kind: { of: 'means', influence: r2Influence },
    },
  ],
  [
    'weighted_absolute_percentage_error',
    {
      ...ofRegression(regression.weightedAbsolutePercentageError, { margin: percentRatio }),
      kind: { of: 'means', influence: wapeInfluence },
    },
  ],
  ['mean_absolute_percentage_error', ofRegression(regression.meanAbsolutePercentageError)],
  ['symmetric_mean_absolute_percentage_error', ofRegression(regression.symmetricMeanAbsolutePercentageError)],
  ['median_absolute_error', ofRegression(regression.medianAbsoluteError)],
  ['root_mean_squared_log_error', ofRegression(regression.rootMeanSquaredLogError)],
  ['explained_variance', ofRegression(regression.explainedVariance, { better: 'higher', margin: slight })],
  ['normalized_root_mean_squared_error', ofRegression(normalised.normalisedRootMeanSquaredError)],
  ['normalized_mean_absolute_error', ofRegression(normalised.normalisedMeanAbsoluteError)],
  ['normalized_median_absolute_error', ofRegression(normalised.normalisedMedianAbsoluteError)],
  ['normalized_root_mean_squared_log_error', ofRegression(normalised.normalisedRootMeanSquaredLogError)],
])

function isMulticlass({ classes = 2 }: Evaluated): boolean {
  return classes > 2
}

/** 1 where the prediction is right: of each row the accuracy. */
function hits(rows: Evaluated): Float64Array {
  const said = predicted(rows)
  return Float64Array.from(rows.labels, (label, i) => Number(label === said[i]))
}
