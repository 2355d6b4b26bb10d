import { queryOptions } from '@tanstack/react-query'
import { call, respond } from './call.ts'
import type { Resource } from './resource.ts'

export interface EndpointProperties {
  readonly authMode: string
  readonly description?: string
  readonly traffic?: Readonly<Record<string, number>>
  readonly mirrorTraffic?: Readonly<Record<string, number>>
  readonly scoringUri?: string
  readonly swaggerUri?: string
  readonly properties?: Readonly<Record<string, string>>
  readonly provisioningState: string
}
export type Endpoint = Resource<EndpointProperties>

export interface DeploymentProperties {
  readonly model?: string
  readonly environmentId?: string
  readonly instanceType?: string
  readonly provisioningState: string
  readonly runtime?: string
  readonly error?: { readonly message: string }
  readonly scaleSettings?: {
    readonly scaleType?: string
    readonly minInstances?: number
    readonly maxInstances?: number
  }
  /** How many there are, where the load decides. */
  readonly currentInstances?: number
  readonly dataCollector?: {
    readonly collections?: Readonly<
      Record<string, { readonly dataCollectionMode?: string; readonly samplingRate?: number }>
    >
    readonly samplingRate?: number
    readonly rollingRate?: string
  } | null
}
export type Deployment = Resource<DeploymentProperties>

export interface Scored {
  readonly status: number
  readonly durationMs: number
  readonly deployment: string | null
  readonly requestId: string | null
  readonly answer: unknown
}

/** Asks the endpoint, through the server, as whoever is signed in. */
export const score = (endpoint: string, request: unknown, deployment?: string) =>
  call<Scored>(`${endpoint}/score`, {
    method: 'POST',
    body: { request, ...(deployment === undefined ? {} : { deployment }) },
  })

/** Shares of the callers, of copies, and the header that keeps a caller with the same deployment (none: empty). */
export const setTraffic = (
  endpoint: string,
  {
    traffic,
    mirrorTraffic,
    stickyHeader,
  }: {
    readonly traffic: Readonly<Record<string, number>>
    readonly mirrorTraffic: Readonly<Record<string, number>>
    readonly stickyHeader?: string
  },
) =>
  call<Endpoint>(endpoint, {
    method: 'PATCH',
    body: {
      properties: {
        traffic,
        mirrorTraffic,
        ...(stickyHeader === undefined ? {} : { properties: { stickyHeader: stickyHeader || null } }),
      },
    },
  })

/** The OpenAPI document of a deployment; asked again only when the deployment changes. */
export const descriptionQuery = (endpoint: string, deployment: string | undefined) =>
  queryOptions({
    queryKey: ['description', endpoint, deployment],
    queryFn: ({ signal }) =>
      call<unknown>(`${endpoint}/describe`, {
        method: 'POST',
        body: deployment === undefined ? {} : { deployment },
        signal,
      }),
    retry: false,
  })

/** A request that got no prediction. */
export interface FailedRequest {
  readonly time: string
  readonly requestId: string
  readonly deployment: string | null
  readonly status: number
  readonly reason: string | null
  readonly ms: number
}

/** The latest requests that failed, newest first, by the gateway's access log. */
export const failuresQuery = (endpoint: string) =>
  queryOptions({
    queryKey: ['failures', endpoint],
    queryFn: ({ signal }) =>
      call<{ readonly value: readonly FailedRequest[]; readonly since: string | null }>(
        `${endpoint}/failures`,
        {
          method: 'POST',
          body: { top: 50 },
          signal,
        },
      ),
    refetchInterval: 30_000,
  })

/** What was collected of a deployment, the latest first: inputs, outputs and labels side by side. */
export interface CollectedRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
  readonly views: readonly string[]
  readonly truncated: boolean
}
export interface CollectedCount {
  readonly total: number
  readonly labelled: number
}

const askCollected = <T>(deployment: string, sinceMs: number, what: object, signal: AbortSignal) =>
  call<T>(`${deployment}/collected`, {
    method: 'POST',
    body: { from: new Date(Date.now() - sinceMs).toISOString(), ...what },
    signal,
  })

/** The latest rows: however much there is, they come at once. */
export const collectedQuery = (deployment: string, sinceMs: number, limit: number) =>
  queryOptions({
    queryKey: ['collected', deployment, sinceMs, limit],
    queryFn: ({ signal }) =>
      askCollected<CollectedRows>(deployment, sinceMs, { limit, count: false }, signal),
    staleTime: 60_000,
  })

/** How many there are: all of them are read for that, which takes longer. */
export const collectedCountQuery = (deployment: string, sinceMs: number) =>
  queryOptions({
    queryKey: ['collected-count', deployment, sinceMs],
    queryFn: ({ signal }) => askCollected<CollectedCount>(deployment, sinceMs, { limit: 0 }, signal),
    staleTime: 60_000,
  })

export interface EndpointKeys {
  readonly primaryKey: string
  readonly secondaryKey: string
}
/** Keys are asked for by a click, and kept nowhere. */
export const listKeys = (endpoint: string) =>
  call<EndpointKeys>(`${endpoint}/listKeys`, { method: 'POST', body: {} })
export const rotateKey = (endpoint: string, keyType: 'Primary' | 'Secondary') =>
  respond(`${endpoint}/regenerateKeys`, { method: 'POST', body: { keyType } })

/** As many instances as is said, or as the load needs between two numbers. */
export const scale = (
  deployment: string,
  to: { readonly instances: number } | { readonly min: number; readonly max: number },
) =>
  call<Deployment>(deployment, {
    method: 'PATCH',
    body:
      'instances' in to
        ? { sku: { capacity: to.instances }, properties: { scaleSettings: { scaleType: 'Default' } } }
        : {
            properties: {
              scaleSettings: { scaleType: 'TargetUtilization', minInstances: to.min, maxInstances: to.max },
            },
          },
  })

export type LogKind = 'InferenceServer' | 'StorageInitializer'

/** The last lines of a deployment's instances, or of its preparation. */
export const deploymentLogsQuery = (deployment: string, containerType: LogKind, isFollowed: boolean) =>
  queryOptions({
    queryKey: ['deployment-logs', deployment, containerType],
    queryFn: async ({ signal }) =>
      (
        await call<{ content: string }>(`${deployment}/getLogs`, {
          method: 'POST',
          body: { containerType, tail: 1000 },
          signal,
        })
      ).content,
    refetchInterval: isFollowed ? 3000 : false,
  })
