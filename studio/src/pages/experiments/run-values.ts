import type { Run } from '../../api/runs.ts'
import { metric as metricWord } from '../../words/numbers.ts'

/** Names of what runs logged, those that most runs have first, each with how many. */
export interface Logged {
  readonly metrics: readonly string[]
  /** Without those that are the same in every run: they tell nothing apart. */
  readonly params: readonly string[]
  readonly sameParams: readonly string[]
}

export function loggedBy(runs: readonly Run[]): Logged {
  const metrics = new Map<string, number>()
  const params = new Map<string, { count: number; values: Set<string> }>()
  for (const { data } of runs) {
    for (const { key } of data.metrics ?? []) metrics.set(key, (metrics.get(key) ?? 0) + 1)
    for (const { key, value } of data.params ?? []) {
      const found = params.get(key) ?? { count: 0, values: new Set<string>() }
      found.count += 1
      found.values.add(value)
      params.set(key, found)
    }
  }
  const byCount = ([a, x]: readonly [string, number], [b, y]: readonly [string, number]) =>
    y - x || a.localeCompare(b)
  const isSame = (found: { count: number; values: Set<string> }) =>
    found.values.size === 1 && found.count === runs.length
  const names = (same: boolean) =>
    [...params]
      .filter(([, found]) => (isSame(found) && runs.length > 1) === same)
      .map(([name, { count }]) => [name, count] as const)
      .sort(byCount)
      .map(([name]) => name)
  return {
    metrics: [...metrics].sort(byCount).map(([name]) => name),
    params: names(false),
    sameParams: names(true),
  }
}

export const metricOf = ({ data }: Run, key: string): number | undefined =>
  data.metrics?.find((metric) => metric.key === key)?.value

export const paramOf = ({ data }: Run, key: string): string | undefined =>
  data.params?.find((param) => param.key === key)?.value

/** A parameter as a table shows it: the long tail of a drawn number says nothing to people. */
export function paramWord(text: string | undefined): string | undefined {
  const isLong = text !== undefined && /^-?\d*\.\d{5,}(?:e[-+]?\d+)?$/i.test(text)
  return isLong ? metricWord(Number(text)) : text
}

/** A number that a run has under a name with its kind before it: `metric.roc_auc`, `param.max_iter`. */
export function numberOf(run: Run, name: string): number | undefined {
  const [kind, ...rest] = name.split('.')
  const key = rest.join('.')
  if (kind === 'metric') return metricOf(run, key)
  const text = paramOf(run, key)
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
  return Number.isNaN(value) ? undefined : value
}

export const tagOf = ({ data }: Run, key: string): string | undefined =>
  data.tags?.find((tag) => tag.key === key)?.value

/** The run that it is a child of. */
export const parentOf = (run: Run): string | undefined => tagOf(run, 'mlflow.parentRunId')

/** MLflow's milliseconds, 0 for none, as an ISO time. */
export const isoTime = (ms: number | undefined): string | undefined =>
  ms === undefined || ms === 0 ? undefined : new Date(ms).toISOString()
