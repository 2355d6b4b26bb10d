import type { LoggedName } from '../../../api/runs-list.ts'
import { directionOf, type Objective } from '../direction.ts'

/** A name without what spellings differ in: `AUCWeighted` is logged as `AUC_weighted`. */
const plain = (name: string) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')

const goals: Readonly<Record<string, 1 | -1>> = { maximize: 1, minimize: -1 }

interface Declares {
  readonly objective?: { readonly goal?: string; readonly primaryMetric?: string } | undefined
  readonly taskDetails?: { readonly primaryMetric?: string } | undefined
}

/**
 * What a job declares it searches for: a sweep its `objective`, an AutoML job the primary metric of its task. The metric is
 * named as the trials logged it. Undefined for jobs that search for nothing.
 */
export function objectiveOf(declares: Declares, metrics: readonly LoggedName[]): Objective | undefined {
  const declared = declares.objective?.primaryMetric ?? declares.taskDetails?.primaryMetric
  if (declared === undefined) return undefined
  return {
    metric: metrics.find(({ name }) => plain(name) === plain(declared))?.name ?? declared,
    direction: goals[declares.objective?.goal?.toLowerCase() ?? ''],
  }
}

/**
 * The metric that trials are ranked by unless somebody says otherwise: the objective's, else scikit-learn's cross-validated
 * score, else of those that most trials logged one that is known to be better in one way, measured on held-out rows rather
 * than on others. Undefined where nothing was logged.
 */
export function primaryMetric(metrics: readonly LoggedName[], objective?: Objective): string | undefined {
  if (objective !== undefined) return objective.metric
  if (metrics.some(({ name }) => name === 'mean_test_score')) return 'mean_test_score'
  const worth = ({ name, runs }: LoggedName) => [
    runs,
    Number(directionOf(name) !== 0),
    Number(/(?:^|[^a-z])(?:val|valid|validation|test|eval|cv|holdout)(?:[^a-z]|$)/i.test(name)),
    Number(!/time|second|latency|duration|rank|train/i.test(name)),
  ]
  const [first] = metrics.toSorted((a, b) => {
    const [x, y] = [worth(a), worth(b)]
    const at = x.findIndex((value, i) => value !== y[i])
    return at === -1 ? a.name.localeCompare(b.name) : (y[at] ?? 0) - (x[at] ?? 0)
  })
  return first?.name
}
