type Words = Readonly<Record<string, unknown>>

/** The kinds of condition that the form is for, each with what a new one says. */
export const conditionKinds = {
  metric: {
    label: 'A measurement is beyond a limit',
    start: { metric: '', aggregate: 'avg', over: '5m', above: 0 },
  },
  signal: { label: 'A signal of a monitor is', start: { signal: '', metric: '', above: 0 } },
  burn_rate: {
    label: 'An error budget burns (service-level objective)',
    start: { burn_rate: { bad: '', all: '', objective: '99.9%' } },
  },
  anomaly: {
    label: 'It is not as it was before',
    start: { anomaly: { metric: '', over: '1h', season: 'day', deviations: 4 } },
  },
  absent: { label: 'Nothing is measured', start: { absent: '', over: '10m' } },
} as const satisfies Readonly<Record<string, { readonly label: string; readonly start: Words }>>

export type ConditionKind = keyof typeof conditionKinds

/** Which kind a condition is: its first word tells, as the server reads it. */
export const kindOf = (when: unknown): ConditionKind =>
  (['signal', 'burn_rate', 'anomaly', 'absent'] as const).find((kind) => kind in asWords(when)) ?? 'metric'

/** The condition as one of another kind: how long it has to hold stays, where it is a time and not a number of windows. */
export function asKind(when: unknown, next: ConditionKind): Words {
  const { for: held, keep_firing_for: kept } = asWords(when)
  const isTime = kindOf(when) !== 'signal' && next !== 'signal'
  return {
    ...conditionKinds[next].start,
    ...(held === undefined || !isTime ? {} : { for: held }),
    ...(kept === undefined ? {} : { keep_firing_for: kept }),
  }
}

export const comparisons = [
  { value: 'above', label: '> above' },
  { value: 'at_least', label: '≥ at least' },
  { value: 'below', label: '< below' },
  { value: 'at_most', label: '≤ at most' },
] as const

export const comparisonOf = (when: unknown): (typeof comparisons)[number]['value'] =>
  comparisons.find(({ value }) => asWords(when)[value] != null)?.value ?? 'above'

/** A map's words; none of what is no map. */
export const asWords = (value: unknown): Words =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Words) : {}
