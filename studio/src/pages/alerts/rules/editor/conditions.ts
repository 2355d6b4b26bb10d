import type { Words } from './draft.ts'

/** The kinds of condition that a form is for, each with what a new one says. */
export const conditionKinds = {
  metric: { label: 'A measurement', start: { metric: '', aggregate: 'avg', over: '5m', above: 0 } },
  signal: { label: 'A signal of a monitor', start: { signal: '', metric: '', above: 0 } },
  anomaly: {
    label: 'Unlike before',
    start: { anomaly: { metric: '', over: '1h', season: 'day', deviations: 4 } },
  },
  burn_rate: { label: 'An error budget', start: { burn_rate: { bad: '', all: '', objective: '99.9%' } } },
  absent: { label: 'Nothing measured', start: { absent: '', over: '10m' } },
} as const satisfies Readonly<Record<string, { readonly label: string; readonly start: Words }>>

export type ConditionKind = keyof typeof conditionKinds

/** Which kind a condition is: its first word tells, as the server reads it. */
export function kindOf(when: unknown): ConditionKind {
  const words = typeof when === 'object' && when !== null ? when : {}
  return (['signal', 'burn_rate', 'anomaly', 'absent'] as const).find((kind) => kind in words) ?? 'metric'
}

export const comparisons = [
  { value: 'above', label: '> above' },
  { value: 'at_least', label: '≥ at least' },
  { value: 'below', label: '< below' },
  { value: 'at_most', label: '≤ at most' },
] as const
export type Comparison = (typeof comparisons)[number]['value']

export const comparisonOf = (when: Words): Comparison =>
  comparisons.find(({ value }) => when[value] !== undefined && when[value] !== null)?.value ?? 'above'

/** What an action that is added says at first. */
export const actionStarts: Readonly<Record<string, Words>> = {
  notify: { notify: { email: ['team@example.org'] } },
  retrain: { retrain: { job: 'azureml:JOB' }, ['then' as string]: 'release' },
  development_task: { development_task: { labels: ['drift'] } },
  rollback: { rollback: {} },
  shift_traffic: { shift_traffic: { to: 'DEPLOYMENT' } },
  scale: { scale: { by: 2, max: 8, back: true } },
  propose_change: { propose_change: { by: 2, max: 16 } },
  run_job: { run_job: { job: 'azureml:JOB' } },
}

/** The kind of an action of a rule, which is a word, or a map of one word beside `then`. */
export const actionKind = (action: unknown): string =>
  typeof action === 'string'
    ? action
    : (Object.keys((action ?? {}) as Words).find((word) => word !== 'then') ?? '')

export const newRule = `type: alert_rule
name: ''
when: { metric: '', aggregate: avg, over: 5m, above: 0, for: 5m }
severity: warning
`
