import type { Outcome } from '../conditions/conditions.ts'
import { afterGap, evaluate, fingerprintOf } from '../machine.ts'
import type { Alert, Alerts, Finding, Transition } from '../machine.ts'
import type { AlertRule } from '../rule.ts'

/** Where a rule stands between two looks: everything that the next one needs. */
export interface RuleState {
  readonly alerts: Alerts
  /** Numbers of the incidents of alerts that fire or have just ceased, by fingerprint. */
  readonly incidents: ReadonlyMap<string, number>
  /** What the last look came to; `error`: nothing is known, and the alerts are as they were. */
  readonly outcome: 'never' | 'ok' | 'no_data' | 'error'
  /** Since when it comes to that, in milliseconds since 1970. */
  readonly since: number
  readonly error?: string
  /** What was found, what is true first. */
  readonly values: readonly Finding[]
  /** The condition that it was found by: alerts of another one mean nothing to it. */
  readonly condition?: string
}

/** What a look at a rule's condition came to. */
export type Looked = Outcome | { readonly error: string }

export const atFirst: RuleState = {
  alerts: new Map(),
  incidents: new Map(),
  outcome: 'never',
  since: 0,
  values: [],
}

const keptValues = 100

/**
 * The state after a look. Where it could not be looked, or nothing is known of an alert and the rule says `keep`, alerts
 * stay as they are; time in which nobody looked counts for nobody. A changed condition begins anew: what it does not find
 * is over. Never throws: too many alerts, or two that are alike, are an error of the rule.
 */
export function advance(
  before: RuleState,
  rule: AlertRule,
  looked: Looked,
  { now, evaluatedAt }: { readonly now: number; readonly evaluatedAt: number },
): { readonly after: RuleState; readonly transitions: readonly Transition[] } {
  const condition = JSON.stringify(rule.condition)
  const alerts = afterGap(before.alerts, gapOf(now, evaluatedAt, rule.everyMs))
  const failed = (error: string) => ({
    after: { ...before, alerts, ...outcomeOf(before, 'error', now), error },
    transitions: [],
  })
  if ('error' in looked) return failed(looked.error)
  const { kept, found } = underPolicy(alerts, rule, looked, before.condition === condition)
  const others = new Map([...alerts].filter(([fingerprint]) => !kept.has(fingerprint)))
  let stepped: ReturnType<typeof evaluate>
  try {
    stepped = evaluate(others, found, rule.holding, now)
  } catch (error) {
    if (error instanceof RangeError) return failed(error.message)
    throw error
  }
  const { error: _, ...rest } = before
  const after: RuleState = {
    ...rest,
    alerts: new Map([...kept, ...stepped.alerts]),
    ...outcomeOf(before, looked.noData ? 'no_data' : 'ok', now),
    values: [...looked.found, ...looked.quiet].slice(0, keptValues),
    condition,
  }
  return { after, transitions: stepped.transitions }
}

/** Ends every alert: of a rule that is switched off or goes. */
export function ended(before: RuleState, now: number): ReturnType<typeof advance> {
  const { alerts, transitions } = evaluate(before.alerts, [], { forMs: 0, keepFiringForMs: 0, limit: 0 }, now)
  return { after: { ...before, alerts, values: [], ...outcomeOf(before, 'never', now) }, transitions }
}

const outcomeOf = (before: RuleState, outcome: RuleState['outcome'], now: number) => ({
  outcome,
  since: before.outcome === outcome ? before.since : now,
})

/** How long nobody looked who should have, in ms: a look that is less than one late is none. */
function gapOf(now: number, evaluatedAt: number, everyMs: number): number {
  const late = evaluatedAt === 0 ? 0 : now - evaluatedAt - everyMs
  return late > everyMs ? late : 0
}

/** What stays as it is because nothing is known of it, and what is true, as the rule wants it where nothing is measured. */
function underPolicy(
  alerts: Alerts,
  { noData, condition }: AlertRule,
  { found, quiet, noData: nothing }: Outcome,
  same: boolean,
): { readonly kept: Alerts; readonly found: readonly Finding[] } {
  const known = new Set([...found, ...quiet].map(({ labels }) => fingerprintOf(labels)))
  const lost = same ? [...alerts].filter(([fingerprint]) => !known.has(fingerprint)) : []
  // What is absent is a finding like any other: an alert of `absent` is never one of which nothing is known.
  if (noData === 'ok' || condition.kind === 'absent') return { kept: new Map(), found }
  const kept = new Map(lost.filter(([, { state, labels }]) => state !== 'resolved' && !isNoData(labels)))
  if (noData === 'keep') return { kept, found }
  return { kept, found: nothing ? [...found, { labels: { no_data: 'true' }, value: Number.NaN }] : found }
}

const isNoData = (labels: Alert['labels']) => labels['no_data'] === 'true'

/** The state as it is stored, and back. */
export const written = (state: RuleState): string =>
  JSON.stringify({ ...state, alerts: [...state.alerts.values()], incidents: [...state.incidents] })

export function read(text: string): RuleState {
  const state = JSON.parse(text) as Omit<RuleState, 'alerts' | 'incidents'> & {
    readonly alerts: readonly Alert[]
    readonly incidents: readonly (readonly [string, number])[]
  }
  // JSON has no NaN: what has no value came back as null.
  const numbered = <T extends { readonly value: number }>(one: T): T => ({
    ...one,
    value: one.value ?? Number.NaN,
  })
  return {
    ...state,
    values: state.values.map(numbered),
    alerts: new Map(state.alerts.map((alert) => [fingerprintOf(alert.labels), numbered(alert)])),
    incidents: new Map(state.incidents),
  }
}
