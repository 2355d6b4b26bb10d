import { calibrationParameters } from '../gates/calibration/parameters.ts'
import { evaluateCalibration } from '../gates/calibration/evaluate.ts'
import { evaluateChampion } from '../gates/champion/evaluate.ts'
import { championParameters } from '../gates/champion/parameters.ts'
import { evaluateFairness } from '../gates/fairness/evaluate.ts'
import { fairnessParameters } from '../gates/fairness/parameters.ts'
import type { Findings, Judged } from './findings.ts'
import { listed } from './parameters.ts'
import type { EvaluationKind } from './question.ts'
import type { EvaluationRows, RowsQuestion } from './rows/read-rows.ts'

/** How predictions are judged: which rows and columns it needs, and what it finds in them. */
export interface Evaluation {
  readonly rows: (parameters: unknown) => RowsQuestion
  readonly evaluate: (parameters: unknown, rows: EvaluationRows, judged: Judged) => Findings
  /** True: what was said of the rows is kept in short, as evidence. One gate of a stage does that for all. */
  readonly isSummarised: boolean
}

interface RowsParameters {
  readonly target: string
  readonly task?: RowsQuestion['task']
  readonly positive?: RowsQuestion['positive']
  readonly threshold?: number | undefined
  readonly weight?: string | undefined
  readonly cluster_key?: string | undefined
  readonly time_key?: string | undefined
}

const question = (
  { target, task, positive, threshold, weight, cluster_key: clusterKey, time_key: timeKey }: RowsParameters,
  columns: readonly string[] = [],
  discover = false,
): RowsQuestion => ({ target, task, positive, threshold, weight, clusterKey, timeKey, columns, discover })

/** Every evaluation of predictions, by the gate that asks it. */
export const evaluations: Readonly<Record<EvaluationKind, Evaluation>> = {
  champion: {
    rows: (given) => {
      const parameters = championParameters.parse(given)
      return question(parameters, [...new Set(parameters.slices.flatMap(listed))], parameters.discover_slices)
    },
    evaluate: (given, rows, judged) => evaluateChampion(rows, championParameters.parse(given), judged),
    isSummarised: true,
  },
  fairness: {
    rows: (given) => {
      const parameters = fairnessParameters.parse(given)
      return question(parameters, [...new Set(parameters.sensitive_features.flatMap(listed))])
    },
    evaluate: (given, rows, judged) => evaluateFairness(rows, fairnessParameters.parse(given), judged),
    isSummarised: false,
  },
  calibration: {
    rows: (given) => question(calibrationParameters.parse(given)),
    evaluate: (given, rows, judged) => evaluateCalibration(rows, calibrationParameters.parse(given), judged),
    isSummarised: false,
  },
}
