import type { Task } from '../../monitors/monitor.ts'
import type { SignalMetric } from '../signal.ts'

export interface PerformanceMetric extends SignalMetric {
  readonly task: Task
  /** Ends of what it can be, for limits that come of chunks. */
  readonly range: { readonly least?: number; readonly most?: number }
}

const share = { least: 0, most: 1 } as const
const score = (name: string, wire: string, range = share as PerformanceMetric['range']) =>
  ({ name, wire, beyond: 'below', task: 'classification', range }) as const
const error = (name: string, wire: string, task: Task = 'regression') =>
  ({ name, wire, beyond: 'above', task, range: { least: 0 } }) as const

/** Azure's metrics first, by its names, then what practitioners ask beyond them. */
export const performanceMetrics: readonly PerformanceMetric[] = [
  score('accuracy', 'Accuracy'),
  score('precision', 'Precision'),
  score('recall', 'Recall'),
  score('f1', 'F1'),
  score('balanced_accuracy', 'BalancedAccuracy'),
  score('matthews_correlation', 'MatthewsCorrelation', { least: -1, most: 1 }),
  score('roc_auc', 'RocAuc'),
  score('pr_auc', 'PrAuc'),
  error('log_loss', 'LogLoss', 'classification'),
  error('brier', 'Brier', 'classification'),
  error('mae', 'MeanAbsoluteError'),
  error('mse', 'MeanSquaredError'),
  error('rmse', 'RootMeanSquaredError'),
  { ...score('r2', 'R2', { most: 1 }), task: 'regression' },
  error('mape', 'MeanAbsolutePercentageError'),
  error('wape', 'WeightedAbsolutePercentageError'),
]

/** How much worse a metric is than on the reference: above 0 is worse, whichever way the metric goes. */
export const degradationOf = (metric: string): string => `${metric}_degradation`

export const degradations: readonly SignalMetric[] = performanceMetrics.map(({ name, wire }) => ({
  name: degradationOf(name),
  wire: `${wire}Degradation`,
  beyond: 'above',
}))
