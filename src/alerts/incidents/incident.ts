import type { Labels } from '../rules/machine.ts'

/**
 * Something that is wrong: one firing of one alert of a rule, from when it fires until it is resolved. Resource
 * `{workspace}/providers/Twinloop/incidents/{number}`; its actions are `…/incidents/{number}/actions/{name}`.
 */
export interface IncidentProperties {
  /** Name of the alert rule. */
  readonly rule: string
  /** Id of the rule. */
  readonly ruleId: string
  readonly labels: Labels
  /** Names the firing: the same for the same alert since the same time, so that it is opened once. */
  readonly firing: string
  readonly firedAt: string
}

export interface IncidentState {
  readonly state: 'Firing' | 'Resolved'
  readonly severity: string
  readonly annotations: Labels
  readonly value: number
  /** What was looked at and what it had to be, in words: `roc_auc of model_performance 0.661 < 0.68 in 2 windows`. */
  readonly summary: string
  readonly acknowledged?: { readonly by: string; readonly at: string; readonly comment?: string }
  readonly silencedBy?: string
  readonly resolvedAt?: string
  /** Everything that happened, oldest first. */
  readonly timeline: readonly IncidentEntry[]
}

export interface IncidentEntry {
  readonly at: string
  readonly what: string
  /** Who or what did it; absent: the rule. */
  readonly by?: string
  /** What it made or changed, by id. */
  readonly id?: string
}
