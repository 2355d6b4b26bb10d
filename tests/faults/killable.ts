import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A server in a process of its own, which can be killed and started again on the same home and port. */
export interface Killable {
  readonly home: string
  /** Id of the default workspace. */
  readonly workspace: string
  readonly http: string
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>
  /** Starts it again; resolves when it serves. */
  start(more?: Readonly<Record<string, string>>): Promise<void>
  /** Resolves when the process that was started last has ended. */
  readonly gone: Promise<unknown>
  send(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> // oxlint-disable-line typescript/no-explicit-any -- what a test expects of a body, it asserts
  /** Resolves with a resource's properties once `done` holds, following the server's event stream. */
  until(id: string, done: (properties: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
  /** Kills it for good and removes its home. */
  end(): Promise<void>
}

/** A server of a program of its own, with more in its environment at each `start`; default: the one that people run. */
export async function startKillable(program = 'serve.ts'): Promise<Killable> {
  const script = fileURLToPath(new URL(program, import.meta.url))
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  // A job that runs must find the server where it was.
  const ports = await freePorts(3)
  const env = {
    ...process.env,
    TWINLOOP_HOME: home,
    // A server that is started twenty times reads its sources once.
    NODE_COMPILE_CACHE: join(home, 'compiled'),
    TWINLOOP_PORT: String(ports[0]),
    TWINLOOP_HTTPS_PORT: String(ports[1]),
    TWINLOOP_GATEWAY_PORT: String(ports[2]),
  }
  const http = `http://127.0.0.1:${ports[0]}`
  let server: ChildProcess | undefined
  let token = ''

  const send: Killable['send'] = async (method, path, body) => {
    const answer = await fetch(`${http}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text }
  }
  const killable: { -readonly [K in keyof Killable]: Killable[K] } = {
    home,
    http,
    workspace:
      '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/twinloop/providers/Microsoft.MachineLearningServices/workspaces/dev',
    async kill() {
      if (server?.exitCode !== null || server.signalCode !== null) return
      const gone = once(server, 'exit')
      server.kill('SIGKILL')
      await gone
    },
    gone: Promise.resolve(),
    async start(more = {}) {
      const started = spawn(process.execPath, [script], {
        env: { ...env, ...more },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      server = started
      killable.gone = once(started, 'exit')
      for await (const line of createInterface({ input: started.stdout })) {
        token = (JSON.parse(line) as { token: string }).token
        return
      }
      throw new Error('the server ended before it served')
    },
    send,
    async until(id, done) {
      const gone = new AbortController()
      const events = await fetch(`${http}${killable.workspace}/providers/Twinloop/events`, {
        headers: { authorization: `Bearer ${token}` },
        signal: gone.signal,
      })
      if (!events.ok || events.body === null) throw new Error(`the event stream answered ${events.status}`)
      const reader = events.body.getReader()
      for (;;) {
        const { status, body } = await send('GET', id)
        if (status === 200 && done(body.properties)) {
          gone.abort()
          return body.properties
        }
        await reader.read()
      }
    },
    async end() {
      await killable.kill()
      rmSync(home, { recursive: true, force: true })
    },
  }
  await killable.start()
  return killable
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const one = createServer().listen(0, '127.0.0.1')
      await once(one, 'listening')
      return one
    }),
  )
  const ports = servers.map((s) => (s.address() as AddressInfo).port)
  await Promise.all(servers.map((s) => new Promise((done) => s.close(done))))
  return ports
}
