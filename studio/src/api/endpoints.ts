import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { Resource } from './resource.ts'

export interface EndpointProperties {
  readonly authMode: string
  readonly description?: string
  readonly traffic?: Readonly<Record<string, number>>
  readonly mirrorTraffic?: Readonly<Record<string, number>>
  readonly scoringUri?: string
  readonly swaggerUri?: string
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
  readonly dataCollector?: object | null
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

export const setTraffic = (endpoint: string, traffic: Readonly<Record<string, number>>) =>
  call<Endpoint>(endpoint, { method: 'PATCH', body: { properties: { traffic } } })

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
