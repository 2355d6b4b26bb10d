import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import { isIP, type AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { createSecureContext, type SecureContext } from 'node:tls'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Config } from '../../config.ts'
import { errors } from '../errors.ts'
import type { Frame } from '../rest/arm.ts'
import { hostsOf, type Authority } from '../tls/authority.ts'

export interface Listeners {
  readonly urls: { readonly http: string; readonly https: string; readonly gateway: string }
  /** Ends idle connections at once and lets running requests finish for a while. */
  close(): Promise<void>
}

const finishMs = 2000
/** A running server takes a new certificate this often, long before the 90 days of one are over. */
const renewMs = 15 * 86_400_000
/** How many names a server is called by, beside its own, are remembered with their certificates. */
const otherNames = 50

/**
 * Opens the ports: plain HTTP on loopback, whatever the configured host is, and HTTPS on the configured host. Throws,
 * naming the port and what to do, if one is taken.
 */
export async function listen(app: Hono<Frame>, config: Config, authority: Authority): Promise<Listeners> {
  const loopback = isLoopback(config.host) ? config.host : '127.0.0.1'
  const http = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false })
  const https = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    createServer: createHttpsServer,
    serverOptions: { ...serverContext(config, authority), SNICallback: byName(config, authority) },
  }) as HttpsServer
  const port = await open(http, loopback, config.port, 'TWINLOOP_PORT')
  let httpsPort: number
  try {
    httpsPort = await open(https, config.host, config.httpsPort, 'TWINLOOP_HTTPS_PORT')
  } catch (error) {
    await close(http)
    throw error
  }
  const renewal = setInterval(() => https.setSecureContext(serverContext(config, authority)), renewMs)
  renewal.unref()
  return {
    urls: {
      http: `http://${bracketed(loopback)}:${port}`,
      https: `https://${bracketed(reachable(config.host))}:${httpsPort}`,
      gateway: `http://${bracketed(config.host)}:${config.gatewayPort}`,
    },
    async close() {
      clearInterval(renewal)
      await Promise.all([close(http), close(https)])
    },
  }
}

const serverContext = (config: Config, authority: Authority) => {
  const { cert, key } = authority.issue(hostsOf(config.host))
  return { cert, key }
}

const hostName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/

/**
 * A certificate for the name that a client calls the server by, where it is not one that the server knows of itself:
 * in a container or behind a proxy only the client knows it. Undefined means the server's usual one.
 */
function byName(config: Config, authority: Authority) {
  const known = new Set<string>(hostsOf(config.host))
  const contexts = new Map<string, SecureContext>()
  return (asked: string, answer: (error: Error | null, context?: SecureContext) => void) => {
    const name = asked.toLowerCase()
    if (known.has(name) || !hostName.test(name)) return answer(null)
    const context = contexts.get(name) ?? createSecureContext(authority.issue([name]))
    contexts.delete(name)
    contexts.set(name, context)
    if (contexts.size > otherNames) contexts.delete(contexts.keys().next().value ?? '')
    answer(null, context)
  }
}

/** True for addresses that only this machine can reach. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** An address that others can use for one that means all of them. */
export const reachable = (host: string) =>
  host === '0.0.0.0' || host === '::' ? hostname().toLowerCase() : host

/** A host as it stands in a URL. */
export const bracketed = (host: string) => (isIP(host) === 6 ? `[${host}]` : host)

async function open(server: ServerType, host: string, port: number, variable: string): Promise<number> {
  const listening = Promise.withResolvers<void>()
  server.once('error', (error: NodeJS.ErrnoException) =>
    listening.reject(
      error.code === 'EADDRINUSE'
        ? errors.conflict(
            `Port ${port} on ${host} is taken. Stop what uses it, or choose another with ${variable}.`,
          )
        : error,
    ),
  )
  server.listen(port, host, () => listening.resolve())
  await listening.promise
  return (server.address() as AddressInfo).port
}

async function close(server: ServerType): Promise<void> {
  const closed = Promise.withResolvers<void>()
  server.close(() => closed.resolve())
  if ('closeIdleConnections' in server) server.closeIdleConnections()
  const cut = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), finishMs)
  await closed.promise
  clearTimeout(cut)
}
