import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, watch, existsSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AccessEntry } from '../serving/gateway/requests/access-log.ts'
import { createGateway, type GatewayOptions } from '../serving/gateway/gateway.ts'
import { type DeploymentRoute, type EndpointRoute, noRoutes } from '../serving/gateway/routes/route-table.ts'

const runtime = fileURLToPath(new URL('../../python/runtime.py', import.meta.url))

/** A gateway of this process with real instances of score scripts, in a folder of its own. */
export async function runGateway(options: Partial<GatewayOptions> & { readonly tokenKey?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const sockets = join(folder, 'sockets')
  mkdirSync(sockets)
  const log: AccessEntry[] = []
  const children = new Set<ChildProcess>()
  const { server, apply, appeared } = createGateway({
    maxBodyBytes: 1_000_000,
    ask: () => Promise.reject(new Error('away')),
    ...options,
    sockets,
    accessLog: { write: (entry) => void log.push(entry) },
  })
  const watcher = watch(sockets, (_, name) => name !== null && appeared(name))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  /** Starts an instance whose script has this run(raw) body, and waits for its socket. */
  async function instance(name: string, script: string, python = 'python3'): Promise<ChildProcess> {
    const source = join(folder, `${name}.source`)
    mkdirSync(source, { recursive: true })
    writeFileSync(join(source, 'score.py'), script)
    const appears = appearance(join(sockets, name))
    const args = [
      '-B',
      runtime,
      '--sockets',
      sockets,
      '--name',
      name,
      '--source',
      source,
      '--script',
      'score.py',
    ]
    const child = spawn(python, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    children.add(child)
    child.once('exit', () => children.delete(child))
    await appears
    return child
  }

  return {
    base,
    sockets,
    log,
    instance,
    apply: (endpoints: Readonly<Record<string, EndpointRoute>>) =>
      apply({
        table: { authorizeUrl: 'http://control.invalid/', tokenKey: options.tokenKey ?? '', endpoints },
        leftOut: {},
      }),
    score: (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
      fetch(`${base}${path}`, {
        method: 'POST',
        body,
        headers: { authorization: 'Bearer key', 'content-type': 'application/json', ...headers },
      }),
    async stop() {
      const gone = [...children].map((child) => once(child, 'exit'))
      for (const child of children) child.kill('SIGKILL')
      await Promise.all(gone)
      watcher.close()
      server.closeAllConnections()
      server.close()
      apply({ table: noRoutes, leftOut: {} })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Instances behind sockets of these names. */
export const sockets = (...names: readonly string[]) =>
  names.map((name) => ({ kind: 'socket' as const, name }))

/** An endpoint that takes the key `key` and has these deployments. */
export const endpoint = (
  traffic: Readonly<Record<string, number>>,
  deployments: Readonly<Record<string, Partial<DeploymentRoute>>>,
): EndpointRoute => ({
  id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/dev/onlineEndpoints/e',
  keys: [createHash('sha256').update('key').digest('hex')],
  endpointTokens: false,
  platformTokens: false,
  traffic,
  mirror: {},
  deployments: Object.fromEntries(
    Object.entries(deployments).map(([name, route]) => [
      name,
      {
        instances: sockets(`${name}.sock`),
        concurrency: 1,
        requestTimeoutMs: 5000,
        openapi: { openapi: '3.0.3' },
        metadata: { name, versions: ['1'] },
        ...route,
      },
    ]),
  ),
})

/** Resolves when a file of this path is made anew. */
function appearance(path: string): Promise<void> {
  const before = existsSync(path)
  return new Promise((resolve) => {
    const watcher = watch(dirname(path), (_, name) => {
      if (name !== basename(path) || (before && !existsSync(path))) return
      watcher.close()
      resolve()
    })
  })
}
