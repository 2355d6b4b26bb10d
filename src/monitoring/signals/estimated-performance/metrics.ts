import type { SignalMetric } from '../signal.ts'

const score = (name: string, wire: string): SignalMetric => ({
  name: `estimated_${name}`,
  wire: `Estimated${wire}`,
  beyond: 'below',
})
const error = (name: string, wire: string): SignalMetric => ({
  name: `estimated_${name}`,
  wire: `Estimated${wire}`,
  beyond: 'above',
})

/** What CBPE estimates of a classification, by NannyML's names. */
export const classificationEstimates: readonly SignalMetric[] = [
  score('roc_auc', 'RocAuc'),
  score('average_precision', 'AveragePrecision'),
  score('accuracy', 'Accuracy'),
  score('f1', 'F1'),
  score('precision', 'Precision'),
  score('recall', 'Recall'),
  score('specificity', 'Specificity'),
  score('true_positive', 'TruePositive'),
  score('true_negative', 'TrueNegative'),
  error('false_positive', 'FalsePositive'),
  error('false_negative', 'FalseNegative'),
  score('business_value', 'BusinessValue'),
]

/** What DLE estimates of a regression, by NannyML's names. */
export const regressionEstimates: readonly SignalMetric[] = [
  error('mae', 'MeanAbsoluteError'),
  error('mape', 'MeanAbsolutePercentageError'),
  error('mse', 'MeanSquaredError'),
  error('rmse', 'RootMeanSquaredError'),
  error('msle', 'MeanSquaredLogError'),
  error('rmsle', 'RootMeanSquaredLogError'),
]
