import { respond } from './call.ts'
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
