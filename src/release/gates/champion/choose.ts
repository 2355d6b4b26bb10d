import { errors } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import { metrics, type Metric } from '../../../statistics/metrics/catalogue.ts'
import type { Task } from '../../evaluation/rows/classes.ts'
import type { EvaluationRows } from '../../evaluation/rows/read-rows.ts'
import type { ChampionParameters, Demand } from './parameters.ts'

export interface Chosen {
  readonly name: string
  readonly metric: Metric
  readonly demand: Demand
}

/** Metrics of a task where the plan names none, the primary first: with probabilities, and without. */
const usual: Readonly<
  Record<Task, { readonly scores: readonly string[]; readonly predictions: readonly string[] }>
> = {
  binary: { scores: ['roc_auc', 'log_loss'], predictions: ['balanced_accuracy', 'f1_score'] },
  multiclass: { scores: ['balanced_accuracy', 'log_loss'], predictions: ['balanced_accuracy', 'accuracy'] },
  regression: {
    scores: [],
    predictions: ['root_mean_squared_error', 'mean_absolute_error'],
  },
}

/**
 * The metrics that a plan asks for, the primary first; by the task where it names none. Throws a validation error for a
 * metric of another kind of task, or one that needs probabilities that the candidate does not give.
 */
export function chosenMetrics(
  { metrics: asked, primary }: ChampionParameters,
  { task, candidate }: EvaluationRows,
): readonly [Chosen, ...Chosen[]] {
  const { scores, predictions } = usual[task]
  const names = candidate.scores === undefined ? predictions : scores
  const demands: Readonly<Record<string, Demand>> =
    asked === undefined || Object.keys(asked).length === 0
      ? Object.fromEntries(names.map((name) => [name, { not_worse_than: 'champion', confidence: 0.95 }]))
      : asked
  const chosen = Object.entries(demands).map(([name, demand]) => ({ name, demand, metric: known(name) }))
  for (const one of chosen) requireFitting(one, task, candidate.scores !== undefined)
  if (primary !== undefined && !chosen.some(({ name }) => name === primary))
    throw errors.validation(
      `'${primary}' (primary) is none of the metrics: ${chosen.map(({ name }) => name).join(', ')}.`,
    )
  const [first, ...others] = chosen.toSorted(
    (a, b) => Number(b.name === primary) - Number(a.name === primary),
  )
  if (first === undefined) throw errors.validation('No metric is asked for.')
  return [first, ...others]
}

function known(name: string): Metric {
  const metric = metrics.get(name)
  if (metric !== undefined) return metric
  const near = nearest(name, metrics.keys())
  throw errors.validation(`'${name}' is no metric.${near === undefined ? '' : ` Did you mean '${near}'?`}`)
}

/** Which metrics speak of a task. */
export const speaksOf = (metric: Metric, task: Task): boolean =>
  metric.task === task || (metric.task === 'classification' && task !== 'regression')

function requireFitting({ name, metric }: Chosen, task: Task, hasScores: boolean): void {
  if (!speaksOf(metric, task)) {
    const fitting = [...metrics].filter(([, other]) => speaksOf(other, task)).map(([other]) => other)
    throw errors.validation(
      `'${name}' is a metric of ${metric.task} tasks, and this one is ${task}. Its metrics are ${fitting.join(', ')}.`,
    )
  }
  if (metric.needs === 'scores' && !hasScores)
    throw errors.validation(
      `'${name}' needs probabilities, and the candidate gives none: its flavour has no predict_proba(), and predict() gives no numbers from 0 to 1. Ask for metrics of classes, or log the model with pyfunc_predict_fn="predict_proba".`,
    )
}
