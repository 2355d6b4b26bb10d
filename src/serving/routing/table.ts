import { keyOf, parseArmId } from '../../kernel/resources/arm-id.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { type EndpointProperties, stickyHeader } from '../endpoints/settings.ts'
import { capturedHeaders, gatewayCollections } from '../collection/settings.ts'
import type { DeploymentProperties } from '../deployments/settings.ts'
import { watchOf } from '../watching/kept-watch.ts'
import { readRuntime } from '../deployments/revision/record.ts'
import type { Stage } from '../deployments/runtime.ts'
import { shortHash } from './folders.ts'
import {
  type DeploymentRoute,
  type EndpointRoute,
  deploymentRoute as deploymentSchema,
  type RouteTable,
} from '../gateway/routes/route-table.ts'
import { problemOf } from '../gateway/routes/read-table.ts'

/** What of the configuration makes short paths. */
export interface Defaults {
  readonly subscription: string
  readonly resourceGroup: string
}

/**
 * Path of an endpoint below the gateway's address, in lower case: `{workspace}/{endpoint}`, and with subscription and
 * resource group before it where those are not the server's own.
 */
export function endpointPath(id: string, defaults: Defaults): string {
  const { subscription = '', resourceGroup = '', names } = parseArmId(id)
  const own =
    subscription.toLowerCase() === defaults.subscription.toLowerCase() &&
    resourceGroup.toLowerCase() === defaults.resourceGroup.toLowerCase()
  return [...(own ? [] : [subscription, resourceGroup]), ...names].join('/').toLowerCase()
}

export interface EndpointParts {
  readonly endpoint: Resource
  readonly keyHashes: readonly string[]
  readonly deployments: readonly Resource[]
}

/** What the gateway needs to judge tokens. */
export interface TokenAuthority {
  readonly authorizeUrl: string
  readonly tokenKey: string
}

/** Deployments that cannot be routed to, by key, each with the reason as a sentence. */
export type Unrouted = ReadonlyMap<string, string>

/**
 * The gateway's table: every endpoint that is not being deleted, with the deployments that can serve. One of which the
 * gateway could not read the route is left out, so that it takes nothing from the others.
 */
export function routeTable(
  parts: readonly EndpointParts[],
  authority: TokenAuthority,
  defaults: Defaults,
): { readonly table: RouteTable; readonly unrouted: Unrouted } {
  const unrouted = new Map<string, string>()
  const endpoints = parts
    .filter(({ endpoint }) => !endpoint.deleting)
    .map((part) => [endpointPath(part.endpoint.id, defaults), endpointRoute(part, unrouted)] as const)
  return { table: { ...authority, endpoints: Object.fromEntries(endpoints) }, unrouted }
}

function endpointRoute(
  { endpoint, keyHashes, deployments }: EndpointParts,
  unrouted: Map<string, string>,
): EndpointRoute {
  const { authMode, traffic, mirrorTraffic, properties } =
    endpoint.properties as unknown as EndpointProperties
  const named = new Map(deployments.map((d) => [d.name.toLowerCase(), d.name]))
  const shares = (of: Readonly<Record<string, number>> | null | undefined) =>
    Object.fromEntries(
      Object.entries(of ?? {})
        .filter(([, share]) => share > 0)
        .map(([name, share]) => [named.get(name.toLowerCase()) ?? name, share]),
    )
  const sticky = properties?.[stickyHeader]
  const watch = watchOf(endpoint)
  return {
    id: keyOf(endpoint.id),
    keys: authMode === 'Key' ? [...keyHashes] : [],
    endpointTokens: authMode !== 'Key',
    platformTokens: authMode === 'AADToken',
    traffic: shares(traffic),
    mirror: shares(mirrorTraffic),
    ...(watch === undefined ? {} : { watch }),
    ...(sticky ? { stickyHeader: sticky.toLowerCase() } : {}),
    deployments: Object.fromEntries(
      deployments.flatMap((deployment) => {
        if (deployment.deleting) return []
        const { route, why } = deploymentRoute(deployment)
        if (why !== undefined) unrouted.set(deployment.key, `The gateway cannot be told of it (${why}).`)
        return route === undefined ? [] : [[deployment.name, route]]
      }),
    ),
  }
}

/** What the gateway is told of a deployment: nothing before it serves, and `why` if it could not be understood. */
function deploymentRoute(deployment: Resource): {
  readonly route?: DeploymentRoute | undefined
  readonly why?: string | undefined
} {
  const { runtime, unusable } = readRuntime(deployment.status)
  if (unusable !== undefined) return { why: unusable }
  if (!runtime.serving) return {}
  const { data, error } = deploymentSchema.safeParse(routeOf(deployment, runtime.serving))
  return error === undefined ? { route: data } : { why: problemOf(error) }
}

function routeOf(deployment: Resource, serving: Stage): DeploymentRoute {
  const { processes, concurrency, requestTimeoutMs, queueWaitMs, asleepMs, elastic, probes } = serving
  const { openapi, metadata, mlflowVersion, verdict } = serving
  return {
    instances: processes.map((process) => {
      const name = `${process}.sock`
      return verdict?.kind === 'onnx'
        ? { kind: 'native', name, folder: verdict.folder }
        : { kind: 'socket', name }
    }),
    concurrency,
    requestTimeoutMs,
    ...(queueWaitMs === undefined ? {} : { queueWaitMs }),
    ...(asleepMs === undefined ? {} : { asleepMs }),
    ...(elastic ? { elastic } : {}),
    probes,
    openapi: { ...openapi },
    metadata: { ...metadata },
    ...(serving.script ? { headers: true } : {}),
    ...(mlflowVersion === undefined ? {} : { mlflowVersion }),
    ...collectRoute(deployment, serving.script !== undefined),
  }
}

/** The gateway keeps as much as the collection that wants most; what each wants of it is sorted out afterwards. */
function collectRoute({ key, properties }: Resource, hasScript: boolean): Pick<DeploymentRoute, 'collect'> {
  const { dataCollector } = properties as DeploymentProperties
  const rates = [...gatewayCollections(dataCollector, hasScript).values()]
  if (rates.length === 0) return {}
  const headers = capturedHeaders(dataCollector)
  const collect = { spool: shortHash(key), rate: Math.max(...rates) }
  return { collect: headers.length === 0 ? collect : { ...collect, headers: [...headers] } }
}
