import type { Actor } from '../../kernel/access/access.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { Labels } from '../rules/machine.ts'

/** What is to be done about one firing, as it was when the alert fired: later changes of the rule are for later firings. */
export interface IncidentActionProperties extends Json {
  readonly kind: string
  readonly parameters: Json
  readonly afterwards?: string | null
  /** `resolved`: what it does when the incident is over. */
  readonly phase: 'firing' | 'resolved'
  readonly key: string
  /** Rule and place in it: what a budget counts. */
  readonly slot: string
  /** Slot and alert: what a cool-down is of. */
  readonly cause: string
  readonly subject: string
  readonly coolDownMs: number
  readonly budget?: { readonly perMs: number; readonly atMost: number } | null
  /** Who wrote the rule. */
  readonly actor: Pick<Actor, 'id' | 'name' | 'kind'>
  readonly rule: {
    readonly id: string
    readonly name: string
    readonly severity: string
    readonly annotations: Labels
  }
  readonly alert: {
    readonly labels: Labels
    readonly value: number
    readonly summary: string
    readonly firedAt: string
  }
  /** Of the phase `resolved`: what the action kept when it was done. */
  readonly before?: Json
}

/** One thing that happened to an action; it is told in its incident's timeline, too. */
export interface ActionEntry {
  readonly at: string
  readonly what: string
  readonly by?: string
}

/** How far an action is. Times are ISO. */
export interface IncidentActionStatus extends Json {
  readonly state: 'Waiting' | 'Running' | 'Done' | 'Refused' | 'Skipped' | 'Failed'
  /** One sentence: why it waits, what it does, what it did, or why not. */
  readonly reason: string
  readonly history: readonly ActionEntry[]
  /** What it waits for a person for. */
  readonly awaiting?: 'approval'
  readonly approvedBy?: string
  /** Why it was skipped. */
  readonly skipped?: 'cool-down' | 'silenced' | 'over'
  readonly startedAt?: string
  readonly endedAt?: string
  /** Tries of the present step that failed. */
  readonly attempts: number
  readonly nextAttemptAt?: string
  readonly lastError?: string
  /** The kind's own, between steps. */
  readonly working?: Json
  readonly made?: readonly string[]
}

export type IncidentAction = Resource<IncidentActionProperties, IncidentActionStatus>
export const asAction = (resource: Resource): IncidentAction => resource as unknown as IncidentAction

export const hasEnded = ({ state }: Pick<IncidentActionStatus, 'state'>): boolean =>
  state !== 'Waiting' && state !== 'Running'

/** `0-retrain of incident 17`. */
export const labelOf = ({ id }: Pick<Resource, 'id'>): string => {
  const parts = id.split('/')
  return `${parts.at(-1)} of incident ${parts.at(-3)}`
}

/** Under this name the reconciler is woken. */
export const actionsReconciler = 'alerts/actions'

/** ARM type of what is done about an incident. */
export const incidentActionsType = 'incidents/actions'
