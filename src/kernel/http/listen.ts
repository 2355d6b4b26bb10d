import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Config } from '../../config.ts'
import { errors } from '../errors.ts'
import type { Frame } from '../rest/arm.ts'

export interface Listeners {
  readonly urls: { readonly http: string; readonly https: string; readonly gateway: string }
  /** Ends idle connections at once and lets running requests finish for a while. */
  close(): Promise<void>
}

const finishMs = 2000

/** Opens the ports. Throws, naming the port and what to do, if one is taken. */
export async function listen(app: Hono<Frame>, config: Config): Promise<Listeners> {
  const http = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false })
  const port = await open(http, config.host, config.port, 'TWINLOOP_PORT')
  const url = `http://${config.host}:${port}`
  return {
    urls: { http: url, https: url, gateway: `http://${config.host}:${config.gatewayPort}` },
    close: () => close(http),
  }
}

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
