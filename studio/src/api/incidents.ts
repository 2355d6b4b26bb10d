import { queryOptions } from '@tanstack/react-query'
import { call, respond } from './call.ts'
import { keyOf, listQuery } from './queries.ts'
import type { Page, Resource } from './resource.ts'
import type { Workspace } from './workspaces.ts'

type Labels = Readonly<Record<string, string>>

interface IncidentState {
  readonly rule: string
  readonly labels: Labels
  readonly firedAt: string
  readonly state: string
  readonly severity: string
  readonly value: number
  /** What was looked at and what it had to be, in words. */
  readonly summary: string
  readonly acknowledged?: { readonly by: string; readonly at: string; readonly comment?: string }
  /** Why nobody is told: `silence NAME until …`, or `inhibited by RULE`. */
  readonly silencedBy?: string
  readonly resolvedAt?: string
}

export interface IncidentProperties extends IncidentState {
  readonly ruleId: string
  readonly annotations?: Labels
  readonly timeline?: readonly {
    readonly at: string
    readonly what: string
    readonly by?: string
    readonly id?: string
  }[]
}
export type Incident = Resource<IncidentProperties>

/** An incident as lists show it; `actions` counts those that somebody may have to see to. */
export interface IncidentSummary extends IncidentState {
  readonly id: string
  readonly name: string
  readonly actions: Partial<
    Readonly<Record<'approval' | 'waiting' | 'running' | 'failed' | 'refused', number>>
  >
}

const watched = { types: ['incidents', 'incidents/actions'] }

/** All incidents that fire, and those that were over within so many days; the last to fire first. */
export const incidentSummariesQuery = (workspace: Workspace, days = 30, rule?: string) =>
  queryOptions({
    queryKey: keyOf(watched, 'incident-summaries', workspace.id, days, rule),
    queryFn: async ({ signal }) =>
      (
        await call<Page<IncidentSummary>>(`${workspace.id}/incidentSummaries`, {
          method: 'POST',
          body: { days, ...(rule === undefined ? {} : { rule }) },
          signal,
        })
      ).value,
  })

export interface IncidentActionProperties {
  readonly kind: string
  readonly phase: 'firing' | 'resolved'
  readonly state: string
  readonly reason: string
  readonly awaiting?: string
  readonly approvedBy?: string
  readonly skipped?: string
  readonly startedAt?: string
  readonly endedAt?: string
  readonly nextAttemptAt?: string
  readonly lastError?: string
  readonly made?: readonly string[]
}
export type IncidentAction = Resource<IncidentActionProperties>

/** What is done about an incident. */
export const incidentActionsQuery = (incident: string) =>
  listQuery<IncidentActionProperties>(`${incident}/actions`)

export const acknowledge = (incident: string, comment: string) =>
  respond(`${incident}/acknowledge`, { method: 'POST', body: comment === '' ? {} : { comment } })

export const commentOn = (incident: string, comment: string) =>
  respond(`${incident}/comment`, { method: 'POST', body: { comment } })

/** What somebody decides about an action of an incident. */
export const decideAction = (action: string, verb: 'approve' | 'refuse' | 'retry', comment = '') =>
  respond(`${action}/${verb}`, { method: 'POST', body: comment === '' ? {} : { comment } })

/** One mail or webhook call, with how far it came. */
export interface NoticeProperties {
  readonly channel: 'mail' | 'webhook'
  readonly to: string
  readonly subject: string
  readonly event: string
  readonly state: 'pending' | 'sent' | 'failed'
  readonly attempts: number
  readonly since: string
  readonly nextAttemptAt?: string
  readonly lastError?: string
  readonly sentAt?: string
  readonly answer?: string
}

export const resend = (notice: string) => respond(`${notice}/resend`, { method: 'POST', body: {} })
