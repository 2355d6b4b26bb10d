import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { nearest } from '../../kernel/nearest.ts'
import { describe, isOpen } from './descriptions.ts'
import { Exchange } from './requests/exchange.ts'
import { type Failure, failures, type Protocol } from './requests/failures.ts'
import { isScoring, readPath, type Resource } from './requests/paths.ts'
import type { TableReading } from './routes/read-table.ts'
import { noRoutes, type RouteTable } from './routes/route-table.ts'
import { createScoring, type ScoringOptions, single } from './scoring.ts'
import { createTelemetry, type PoolState } from './telemetry.ts'
import { Endpoint } from './traffic/endpoint.ts'

export interface GatewayOptions extends ScoringOptions {
  /** Folder of the instances' sockets; '' is the process's own. */
  readonly sockets: string
  /** PEM of its certificate and key, if it is to speak HTTPS; HTTP without. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Told when a request waits for a deployment that has been scaled to nothing, or an instance fails its liveness probe. */
  readonly onUrgent?: () => void
  /** Whether the control plane at this address answers, which alone can wake a deployment that sleeps. */
  readonly isThere?: (url: string) => Promise<boolean>
  /** Whether the gateway's own measurements are open to an address; to this machine's own, if it is not said. */
  readonly isNear?: (address: string | undefined) => boolean
  /** Told of what should not happen. */
  readonly onError?: (error: unknown) => void
}

/**
 * The scoring gateway: takes requests, has them scored by the deployments' instances, and knows nothing but its
 * routing table. `apply` replaces the table while it serves.
 */
export function createGateway(options: GatewayOptions) {
  const endpoints = new Map<string, Endpoint>()
  const telemetry = createTelemetry(poolStates)
  const scoring = createScoring(options, telemetry)
  const { isNear = isOwnMachine } = options
  let table: RouteTable = noRoutes
  let leftOut: TableReading['leftOut'] = {}
  let missing: string | undefined = 'it has not been told its routes yet'

  function* poolStates(): Iterable<PoolState> {
    for (const [endpoint, { pools }] of endpoints)
      for (const [deployment, pool] of pools) {
        const { held, waiting, instancesUp: up } = pool
        yield { endpoint, deployment, inFlight: held - waiting, waiting, up }
      }
  }

  const canWake = async () => (await options.isThere?.(table.authorizeUrl)) ?? true
  const forget = (endpoint: string, deployment?: string) =>
    void telemetry.forget(endpoint, deployment).catch((error: unknown) => options.onError?.(error))

  function apply({ table: next, leftOut: without }: TableReading) {
    table = next
    leftOut = without
    missing = undefined
    for (const [key, endpoint] of endpoints) {
      if (next.endpoints[key]) continue
      endpoint.close()
      endpoints.delete(key)
      forget(key)
    }
    for (const [key, route] of Object.entries(next.endpoints)) {
      const endpoint = endpoints.get(key)
      if (endpoint) for (const gone of endpoint.update(route)) forget(key, gone)
      else endpoints.set(key, new Endpoint(key, route, () => ({ ...options, canWake })))
    }
  }

  /** The table cannot be read, and why: until there is one, nothing can be said of what is asked for. */
  function withoutTable(why: string) {
    if (missing !== undefined) missing = why
  }

  /** The socket of an instance has appeared in the folder. */
  function appeared(socket: string) {
    for (const { pools } of endpoints.values()) for (const pool of pools.values()) pool.appeared(socket)
  }

  async function handle(exchange: Exchange): Promise<void> {
    const { path, request } = exchange
    if (path === '/')
      return missing === undefined ? exchange.text('Healthy') : exchange.fail(failures.noTable(missing))
    if (path === '/metrics') {
      const refused = isNear(request.socket.remoteAddress)
        ? undefined
        : await scoring.refusal(exchange, metrics, table)
      if (refused) return exchange.fail({ ...refused, message: metricsNeed })
      return exchange.text(await telemetry.registry.metrics(), telemetry.registry.contentType)
    }
    const tooLong = traceHeaders.find((name) => (single(request.headers[name]) ?? '').length > 100)
    if (tooLong) return exchange.fail(failures.headerTooLong(tooLong))
    const found = readPath(path, (key) => endpoints.has(key) || leftOut[key] !== undefined)
    if (!found) return exchange.fail(failures.noSuchPath(path))
    const { key, resource } = found
    exchange.protocol = protocols[resource.kind] ?? 'azure'
    const endpoint = endpoints.get(key)
    if (!endpoint) return exchange.fail(notServed(key))
    exchange.endpoint = key
    if (isScoring(resource)) return scoring.score(exchange, endpoint, resource, table)
    const refused = isOpen(resource) ? undefined : await scoring.refusal(exchange, endpoint, table)
    if (refused) return exchange.fail(refused)
    const base = `${options.tls ? 'https' : 'http'}://${request.headers.host ?? 'localhost'}/${key}`
    return describe(exchange, endpoint, resource, base)
  }

  function notServed(key: string): Failure {
    const why = missing ?? leftOut[key]
    if (why !== undefined) return failures.noTable(why)
    return failures.noSuchEndpoint(key, nearest(key, endpoints.keys()))
  }

  function ended(exchange: Exchange) {
    if (exchange.endpoint === '') return
    telemetry.ended(exchange)
    options.accessLog?.write(exchange.entry())
  }

  const patience = { headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 75_000 }
  const server = options.tls ? createHttpsServer({ ...patience, ...options.tls }) : createServer(patience)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const exchange = new Exchange(request, response, ended)
    handle(exchange).catch((error: unknown) => {
      options.onError?.(error)
      exchange.fail(failures.internal())
    })
  })
  return {
    server,
    apply,
    withoutTable,
    appeared,
    telemetry,
    endpoints: endpoints as ReadonlyMap<string, Endpoint>,
  }
}

/** Loopback, in either version of IP. */
const isOwnMachine = (address: string | undefined) => /^(?:::1$|(?:::ffff:)?127\.)/.test(address ?? '')

/** The measurements, as an endpoint at which the control plane says who may read them. */
const metrics: Pick<Endpoint, 'route'> = {
  route: {
    id: '',
    keys: [],
    endpointTokens: false,
    platformTokens: true,
    traffic: {},
    mirror: {},
    deployments: {},
  },
}

const metricsNeed =
  'From another machine this needs the token of somebody who may read metrics: Authorization: Bearer …'

const traceHeaders = ['x-request-id', 'x-ms-request-id', 'x-ms-client-request-id']

const protocols: Partial<Record<Resource['kind'], Protocol>> = {
  invocations: 'mlflow',
  ping: 'mlflow',
  version: 'mlflow',
  v2: 'open-inference',
  live: 'open-inference',
  ready: 'open-inference',
  model: 'open-inference',
  'model-ready': 'open-inference',
  infer: 'open-inference',
}
