import { queryOptions } from '@tanstack/react-query'
import { call, respond } from '../call.ts'
import type { Resource } from '../resource.ts'

/** What a deletion would take along. */
export interface Contents {
  readonly total: number
  readonly value: readonly { readonly type: string; readonly count: number }[]
}

/** How many resources of each type are below a workspace or a resource group, counted when it is asked. */
export const contentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['contents', id],
    queryFn: ({ signal }) => call<Contents>(`${id}/contents`, { method: 'POST', signal }),
    staleTime: 0,
  })

export const remove = (id: string) => respond(id, { method: 'DELETE' })
/** `headers`: such as If-Match, where nobody's later change is to be overwritten. */
export const put = (
  id: string,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
) => call<Resource>(id, { method: 'PUT', body, headers })
export const patch = (id: string, body: Readonly<Record<string, unknown>>) =>
  call<Resource>(id, { method: 'PATCH', body })
export const act = <T = undefined>(
  id: string,
  action: string,
  input: Readonly<Record<string, unknown>> = {},
) => call<T>(`${id}/${action}`, { method: 'POST', body: input })

export interface ComputeProperties {
  readonly computeType: string
  readonly description?: string | null
  readonly provisioningState?: string
  /** Of one that was started or stopped by hand. */
  readonly state?: 'Running' | 'Stopped'
  readonly properties?: {
    readonly vmSize?: string | null
    readonly scaleSettings?: {
      readonly minNodeCount?: number | null
      readonly maxNodeCount?: number | null
    } | null
  } | null
}

export interface ConnectionProperties {
  readonly category: string
  readonly authType: string
  readonly target?: string | null
  readonly metadata?: Readonly<Record<string, string>> | null
}
export interface DatastoreProperties {
  readonly datastoreType: string
  readonly description?: string | null
  readonly isDefault?: boolean
  readonly accountName?: string
  readonly containerName?: string
  readonly bucket?: string
  readonly credentials?: { readonly credentialsType?: string } | null
}

/** What a check of a datastore or of a connection found. */
export interface Checked {
  readonly outcome: 'Passed' | 'Failed' | 'Skipped'
  readonly checks: readonly { readonly check: string; readonly outcome: string; readonly message: string }[]
}
export const check = (id: string) => act<Checked>(id, 'check')

export interface SubscriptionProperties {
  readonly description?: string | null
  readonly state: string
  readonly destination: {
    readonly endpointType: string
    readonly properties: {
      readonly endpointBaseUrl?: string
      readonly connection?: string
      readonly validate?: boolean
      readonly maxEventsPerBatch?: number
    }
  }
  readonly filter?: {
    readonly includedEventTypes?: readonly string[] | null
    readonly subjectBeginsWith?: string | null
    readonly advancedFilters?: readonly unknown[] | null
  }
  readonly eventDeliverySchema?: string
  readonly retryPolicy?: Readonly<Record<string, number>>
  readonly expirationTimeUtc?: string | null
  readonly delivered?: number
  readonly deadLetters?: number
  readonly attempts?: number
  readonly lastError?: string | null
  readonly lastDeliveredAt?: string | null
  readonly nextAttemptAt?: string | null
}
export interface DeadLetterProperties {
  readonly seq: number
  readonly reason: string
  readonly attempts: number
  readonly event: { readonly type?: string; readonly subject?: string; readonly time?: string }
}
