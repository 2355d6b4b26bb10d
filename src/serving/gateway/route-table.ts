import { z } from 'zod'

/**
 * Everything the gateway knows: written by the control plane as one file, replaced atomically. The gateway needs
 * nothing else to serve, so it goes on while the control plane is away.
 */
const deploymentRoute = z.object({
  /** Names of the instances' sockets, below the gateway's folder of sockets. */
  instances: z.array(z.string()),
  /** Requests that one instance takes at once; as many again may wait. */
  concurrency: z.number().int().positive(),
  /** Milliseconds from a request's arrival to 408, waiting included. */
  requestTimeoutMs: z.number().positive(),
  /** OpenAPI document of this deployment, without `servers`. */
  openapi: z.record(z.string(), z.unknown()),
})

const endpointRoute = z.object({
  /** ARM id. */
  id: z.string(),
  /** SHA-256, hex, of the keys that may score. Empty where the endpoint takes tokens. */
  keys: z.array(z.string()),
  /** Whether tokens of the control plane may score: it is asked, and its answer remembered. */
  tokens: z.boolean(),
  traffic: z.record(z.string(), z.number()),
  deployments: z.record(z.string(), deploymentRoute),
})

const routeTable = z.object({
  /** Where the control plane says whether a token may score; '' if nowhere. */
  authorizeUrl: z.string(),
  /** By path: `{workspace}/{endpoint}`, in lower case. */
  endpoints: z.record(z.string(), endpointRoute),
})

export type RouteTable = z.infer<typeof routeTable>
export type EndpointRoute = z.infer<typeof endpointRoute>
export type DeploymentRoute = z.infer<typeof deploymentRoute>

export const noRoutes: RouteTable = { authorizeUrl: '', endpoints: {} }

/** Reads a table's text; throws with what is wrong. */
export function parseRouteTable(text: string): RouteTable {
  return routeTable.parse(JSON.parse(text))
}
