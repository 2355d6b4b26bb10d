import { keyOf, parseArmId } from '../../kernel/resources/arm-id.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Runtime } from '../deployments/runtime.ts'
import type { DeploymentRoute, EndpointRoute, RouteTable } from '../gateway/route-table.ts'

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

/** The gateway's table: every endpoint that is not being deleted, with the deployments that can serve. */
export function routeTable(
  parts: readonly EndpointParts[],
  authorizeUrl: string,
  defaults: Defaults,
): RouteTable {
  const endpoints = parts
    .filter(({ endpoint }) => !endpoint.deleting)
    .map((part) => [endpointPath(part.endpoint.id, defaults), endpointRoute(part)] as const)
  return { authorizeUrl, endpoints: Object.fromEntries(endpoints) }
}

function endpointRoute({ endpoint, keyHashes, deployments }: EndpointParts): EndpointRoute {
  const { authMode, traffic } = endpoint.properties as {
    authMode: string
    traffic?: Readonly<Record<string, number>>
  }
  const named = new Map(deployments.map((d) => [d.name.toLowerCase(), d.name]))
  return {
    id: keyOf(endpoint.id),
    keys: authMode === 'Key' ? [...keyHashes] : [],
    tokens: authMode !== 'Key',
    traffic: Object.fromEntries(
      Object.entries(traffic ?? {})
        .filter(([, share]) => share > 0)
        .map(([name, share]) => [named.get(name.toLowerCase()) ?? name, share]),
    ),
    deployments: Object.fromEntries(
      deployments.flatMap((deployment) => {
        const route = deployment.deleting ? undefined : deploymentRoute(deployment)
        return route === undefined ? [] : [[deployment.name, route]]
      }),
    ),
  }
}

function deploymentRoute(deployment: Resource): DeploymentRoute | undefined {
  const serving = (deployment.status['runtime'] as Runtime | undefined)?.serving
  if (!serving) return undefined
  return {
    instances: serving.processes.map((process) => `${process}.sock`),
    concurrency: serving.concurrency,
    requestTimeoutMs: serving.requestTimeoutMs,
    openapi: { ...serving.openapi },
  }
}
