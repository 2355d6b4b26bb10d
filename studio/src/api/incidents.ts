import { respond } from './call.ts'
import { listQuery } from './queries.ts'
import type { Resource } from './resource.ts'

export interface IncidentProperties {
  readonly rule: string
  readonly labels: Readonly<Record<string, string>>
  readonly firedAt: string
  readonly state: string
  readonly severity: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly value: number
  readonly summary: string
  readonly acknowledged?: { readonly by: string; readonly at: string; readonly comment?: string }
  readonly silencedBy?: string
  readonly resolvedAt?: string
  readonly timeline?: readonly {
    readonly at: string
    readonly what: string
    readonly by?: string
    readonly id?: string
  }[]
}
export type Incident = Resource<IncidentProperties>

export const acknowledge = (incident: string, comment: string) =>
  respond(`${incident}/acknowledge`, { method: 'POST', body: comment === '' ? {} : { comment } })

/** `duration` as people write it: `2h`, `3d`. */
export const silence = (incident: string, duration: string, reason: string) =>
  respond(`${incident}/silence`, { method: 'POST', body: { for: duration, reason } })

export interface IncidentActionProperties {
  readonly kind: string
  readonly state: string
  readonly reason: string
  /** What it waits for a person for. */
  readonly awaiting?: 'approval'
}
export type IncidentAction = Resource<IncidentActionProperties>

/** What is done about an incident. */
export const incidentActionsQuery = (incident: string) =>
  listQuery<IncidentActionProperties>(`${incident}/actions`)

export interface ChangeProposalProperties {
  readonly target: string
  readonly reason: string
  readonly state: string
  /** Id of the incident that it came of. */
  readonly incident?: string
}
export type ChangeProposal = Resource<ChangeProposalProperties>
