import { z } from 'zod'
import { probeRoutes } from '../instances/probes.ts'

/** One instance, by what it runs in; `instances/instance.ts` says how another kind is added. */
const instanceRoute = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('socket'),
    /** File name of its socket, below the gateway's folder of sockets. */
    name: z.string(),
  }),
  z.object({
    kind: z.literal('native'),
    /** File name of the socket of the Python process beside it. */
    name: z.string(),
    /** Folder of the compiled model. */
    folder: z.string(),
  }),
])

/**
 * Everything the gateway knows: written by the control plane as one file, replaced atomically. The gateway needs
 * nothing else to serve, so it goes on while the control plane is away.
 */
export const deploymentRoute = z.object({
  /** Each by a name that no other instance has: one with a new name is another instance. */
  instances: z.array(instanceRoute),
  /** Requests that one instance takes at once; as many again may wait. */
  concurrency: z.number().int().positive(),
  /** Milliseconds from a request's arrival to 408, waiting included. */
  requestTimeoutMs: z.number().positive(),
  /** Milliseconds that a request may wait before it is begun, where less than the whole is wanted. */
  queueWaitMs: z.number().positive().optional(),
  /** Where a deployment may be scaled to nothing: milliseconds that its first instance may take to come up. */
  asleepMs: z.number().positive().optional(),
  /** Whether the control plane is told of its load, to give it more or fewer instances. */
  elastic: z.boolean().optional(),
  probes: probeRoutes.optional(),
  /** OpenAPI document of this deployment, without `servers`. */
  openapi: z.record(z.string(), z.unknown()),
  /** The model as the Open Inference Protocol describes it: `name`, `versions`, `platform`, `inputs`, `outputs`. */
  metadata: z.looseObject({ name: z.string(), versions: z.array(z.string()).optional() }),
  /** Whether the instances are told the caller's headers, as scripts may ask for them. */
  headers: z.boolean().optional(),
  /** What the data collector keeps of its requests: in which spool, and of what share of them. */
  collect: z
    .object({
      spool: z.string(),
      rate: z.number(),
      /** Names, in lower case, of request headers that are kept, too. */
      headers: z.array(z.string()).optional(),
    })
    .optional(),
  /** Version of MLflow that the model was saved with; none for a scoring script of one's own. */
  mlflowVersion: z.string().optional(),
})

export const endpointRoute = z.object({
  /** ARM id. */
  id: z.string(),
  /** SHA-256, hex, of the keys that may score. Empty where the endpoint takes tokens. */
  keys: z.array(z.string()),
  /** Whether tokens that the control plane signed for this endpoint may score, which the gateway can tell itself. */
  endpointTokens: z.boolean(),
  /** Whether callers' own tokens may score: the control plane is asked, and its answer remembered. */
  platformTokens: z.boolean(),
  traffic: z.record(z.string(), z.number()),
  /** Percent of requests that are copied to a deployment whose answers nobody gets. */
  mirror: z.record(z.string(), z.number()),
  /** Whether it is counted how its deployments do, and how: a rollout wants to know. */
  watch: z
    .object({
      /** Requests that take longer are counted as slow. */
      slowMs: z.number().positive().optional(),
      /** What is not counted after each change of shares, in milliseconds. */
      warmMs: z.number().nonnegative(),
    })
    .optional(),
  /** Name, in lower case, of the header by whose value a caller always gets the same deployment. */
  stickyHeader: z.string().optional(),
  deployments: z.record(z.string(), deploymentRoute),
})

export const routeTable = z.object({
  /** Where the control plane says whether a token may score; '' if nowhere. */
  authorizeUrl: z.string(),
  /** Public key (SPKI, PEM) of the tokens for endpoints; '' if there are none. */
  tokenKey: z.string(),
  /** By path: `{workspace}/{endpoint}`, in lower case. */
  endpoints: z.record(z.string(), endpointRoute),
})

export type RouteTable = z.infer<typeof routeTable>
export type EndpointRoute = z.infer<typeof endpointRoute>
export type DeploymentRoute = z.infer<typeof deploymentRoute>
export type InstanceRoute = z.infer<typeof instanceRoute>

export const noRoutes: RouteTable = { authorizeUrl: '', tokenKey: '', endpoints: {} }
