import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { nearest } from '../../kernel/nearest.ts'
import type { AccessLog } from './access-log.ts'
import { type AskControlPlane, createCredentials, type Verdict } from './credentials.ts'
import { readBody } from './body.ts'
import { Exchange } from './exchange.ts'
import { type Failure, failures } from './failures.ts'
import { Pool } from './instances/pool.ts'
import { type EndpointRoute, noRoutes, type RouteTable } from './route-table.ts'
import { createTelemetry } from './telemetry.ts'
import { chooseDeployment, type Credits } from './traffic.ts'

export interface GatewayOptions {
  /** Folder of the instances' sockets; '' is the process's own. */
  readonly sockets: string
  readonly maxBodyBytes: number
  /** PEM of its certificate and key, if it is to speak HTTPS; HTTP without. */
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly ask: AskControlPlane
  readonly accessLog?: Pick<AccessLog, 'write'>
  /** Told of what should not happen. */
  readonly onError?: (error: unknown) => void
}

/** An endpoint of the table with what the gateway keeps for it: its pools, and where the traffic split stands. */
interface Endpoint {
  route: EndpointRoute
  credits: Credits
  readonly pools: Map<string, Pool>
}

/**
 * The scoring gateway: takes requests, has them scored by the deployments' instances, and knows nothing but its
 * routing table. `apply` replaces the table while it serves.
 */
export function createGateway(options: GatewayOptions) {
  const endpoints = new Map<string, Endpoint>()
  const check = createCredentials(options.ask, Date.now)
  const telemetry = createTelemetry(poolsHeld)
  let table: RouteTable = noRoutes

  function* poolsHeld() {
    for (const [endpoint, { pools }] of endpoints) {
      for (const [deployment, pool] of pools)
        yield { endpoint, deployment, held: pool.held, up: pool.instancesUp }
    }
  }

  function apply(next: RouteTable) {
    table = next
    for (const [path, endpoint] of endpoints) {
      if (next.endpoints[path]) continue
      for (const pool of endpoint.pools.values()) pool.close()
      endpoints.delete(path)
    }
    for (const [path, route] of Object.entries(next.endpoints)) {
      const endpoint = endpoints.get(path) ?? { route, credits: {}, pools: new Map<string, Pool>() }
      endpoint.route = route
      endpoints.set(path, endpoint)
      for (const [name, pool] of endpoint.pools) {
        if (route.deployments[name]) continue
        pool.close()
        endpoint.pools.delete(name)
      }
      for (const [name, deployment] of Object.entries(route.deployments)) {
        const pool = endpoint.pools.get(name)
        if (pool) pool.update(deployment)
        else endpoint.pools.set(name, new Pool(options.sockets, deployment))
      }
    }
  }

  /** The socket of an instance has appeared in the folder. */
  function poke(socket: string) {
    for (const { pools } of endpoints.values()) for (const pool of pools.values()) pool.poke(socket)
  }

  function pickDeployment(endpoint: Endpoint, forced: string | undefined): string | Failure {
    const there = Object.keys(endpoint.route.deployments)
    if (forced !== undefined) {
      const name = there.find((d) => d.toLowerCase() === forced.toLowerCase())
      return name ?? failures.noSuchDeployment(forced, there)
    }
    const step = chooseDeployment(endpoint.route.traffic, endpoint.credits)
    if (step.chosen === undefined) return failures.noTraffic(there)
    endpoint.credits = step.credits
    return there.includes(step.chosen) ? step.chosen : failures.unready()
  }

  async function score(exchange: Exchange, endpoint: Endpoint, operation: string): Promise<void> {
    const { request } = exchange
    if (request.method !== 'POST') return exchange.fail(failures.methodNotAllowed('POST'))
    const verdict = check(request.headers.authorization, endpoint.route, table.authorizeUrl)
    const refusal = refusals[typeof verdict === 'string' ? verdict : await verdict]
    if (refusal) return exchange.fail(refusal())
    const encoding = request.headers['content-encoding']
    if (encoding !== undefined && encoding !== 'identity') return exchange.fail(failures.encoded(encoding))
    const deployment = pickDeployment(endpoint, single(request.headers['azureml-model-deployment']))
    if (typeof deployment !== 'string') return exchange.fail(deployment)
    exchange.deployment = deployment
    const body = await readBody(request, options.maxBodyBytes)
    if (body === 'too large') return exchange.fail(failures.tooLarge(options.maxBodyBytes))
    if (body === 'broken off') return exchange.abandon()
    exchange.bytesIn = body.length
    const pool = endpoint.pools.get(deployment)
    const route = endpoint.route.deployments[deployment]
    if (!pool || !route) return exchange.fail(failures.unready())
    const contentType = request.headers['content-type'] ?? ''
    const outcome = await pool.submit({ route: operation, requestId: exchange.requestId, contentType }, body)
    exchange.answer(outcome, route.requestTimeoutMs, 2 * route.concurrency * route.instances.length)
  }

  function swagger(exchange: Exchange, endpoint: Endpoint): void {
    if (exchange.request.method !== 'GET') return exchange.fail(failures.methodNotAllowed('GET'))
    const forced = single(exchange.request.headers['azureml-model-deployment'])
    const [heaviest] = Object.entries(endpoint.route.traffic).toSorted(([, a], [, b]) => b - a)
    const [first] = Object.keys(endpoint.route.deployments)
    const name = forced ?? (heaviest && heaviest[1] > 0 ? heaviest[0] : first)
    const found = name === undefined ? undefined : endpoint.route.deployments[name]
    if (!found)
      return exchange.fail(failures.noSuchDeployment(name ?? '', Object.keys(endpoint.route.deployments)))
    const base = exchange.path.slice(0, -'/swagger.json'.length)
    const servers = [
      { url: `${options.tls ? 'https' : 'http'}://${exchange.request.headers.host ?? 'localhost'}${base}` },
    ]
    exchange.json(200, { ...found.openapi, servers })
  }

  async function handle(exchange: Exchange): Promise<void> {
    const { path } = exchange
    if (path === '/') return exchange.text('Healthy')
    if (path === '/metrics')
      return exchange.text(await telemetry.registry.metrics(), telemetry.registry.contentType)
    const tooLong = traceHeaders.find((name) => (single(exchange.request.headers[name]) ?? '').length > 100)
    if (tooLong) return exchange.fail(failures.headerTooLong(tooLong))
    const cut = path.lastIndexOf('/')
    const operation = path.slice(cut + 1)
    const key = path.slice(1, cut).toLowerCase()
    if (cut < 2 || !operations.has(operation)) return exchange.fail(failures.noSuchPath(path))
    const endpoint = endpoints.get(key)
    if (!endpoint) return exchange.fail(failures.noSuchEndpoint(key, nearest(key, endpoints.keys())))
    exchange.endpoint = key
    if (operation === '') return exchange.text('Healthy')
    return operation === 'swagger.json' ? swagger(exchange, endpoint) : score(exchange, endpoint, operation)
  }

  const patience = { headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 75_000 }
  const server = options.tls ? createHttpsServer({ ...patience, ...options.tls }) : createServer(patience)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const exchange = new Exchange(request, response, (done) => {
      if (done.endpoint === '') return
      const deployment = done.deployment ?? ''
      const at = { endpoint: done.endpoint, deployment }
      telemetry.requests.observe({ ...at, status: done.status }, done.elapsedMs / 1000)
      if (done.modelMs !== undefined) telemetry.model.observe(at, done.modelMs / 1000)
      telemetry.bytes.inc(at, done.bytesIn)
      options.accessLog?.write(done.entry())
    })
    handle(exchange).catch((error: unknown) => {
      options.onError?.(error)
      exchange.fail(failures.internal())
    })
  })
  return { server, apply, poke, telemetry }
}

const operations = new Set(['', 'score', 'invocations', 'swagger.json'])
const traceHeaders = ['x-request-id', 'x-ms-request-id', 'x-ms-client-request-id']

const refusals: Readonly<Record<Verdict, (() => Failure) | undefined>> = {
  allowed: undefined,
  unauthenticated: failures.unauthenticated,
  forbidden: failures.forbidden,
  unknown: failures.cannotAuthorize,
}

const single = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)
