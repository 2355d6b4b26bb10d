import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readEvents } from './event-stream.ts'
import type { CloudEvent } from './event-stream.ts'

/** This repository's command line, its server, and what the server says of itself. */
export interface Twinloop {
  /** Runs `twinloop …` in the example's folder and returns what it prints. Throws with what it said if it fails. */
  command(...words: readonly string[]): Promise<string>
  /** The same, as somebody else: whoever a token of `user add-token` is of. */
  commandAs(token: string, ...words: readonly string[]): Promise<string>
  /** The same, read as JSON. */
  ask<T>(...words: readonly string[]): Promise<T>
  /** The same, for ending things: it runs even after an interrupt, and says on standard error if it fails. */
  atEnd(...words: readonly string[]): Promise<void>
  /** Where the server is, if it is up. */
  address(): Promise<string | undefined>
  /** Starts the server in the background, unless it is up; resolves when it is ready, with a link that signs a browser in once. */
  up(): Promise<string>
  /** GETs from the REST API, below the workspace unless the path begins with `/`. */
  get<T>(path: string): Promise<T>
  /** The same; undefined where there is none. */
  find<T>(path: string): Promise<T | undefined>
  /** POSTs to it likewise, and returns the answer. */
  post<T>(path: string, body: unknown): Promise<T>
  /** What happens in the workspace from now on, of these types (of all, if none is named); resolves once connected. */
  events(types: readonly string[], until?: AbortSignal): Promise<AsyncIterable<CloudEvent>>
}

const main = join(import.meta.dirname, '../../../src/main.ts')
const workspace =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/twinloop' +
  '/providers/Microsoft.MachineLearningServices/workspaces/dev'
const run = promisify(execFile)

interface Request {
  readonly body?: unknown
  /** Statuses that are no failure. */
  readonly fine?: readonly number[]
  readonly until?: AbortSignal | undefined
}

/** `home` is the server's, `folder` where commands run; `signal` interrupts both commands and requests. */
export function createTwinloop(options: { home: string; folder: string; signal: AbortSignal }): Twinloop {
  const { home, folder, signal } = options

  async function start(words: readonly string[], more: { env?: NodeJS.ProcessEnv; signal?: AbortSignal }) {
    const env = { ...process.env, TWINLOOP_HOME: home, NO_COLOR: '1', ...more.env }
    try {
      const stop = more.signal === undefined ? {} : { signal: more.signal }
      return await run(process.execPath, [main, ...words], { cwd: folder, env, maxBuffer: 64 << 20, ...stop })
    } catch (error) {
      more.signal?.throwIfAborted()
      const said = (error as { stderr?: string }).stderr?.trim() || String(error)
      throw new Error(`twinloop ${words.join(' ')}\n${said}`, { cause: error })
    }
  }

  /** Where the server of this home is, if it is up: it wrote the file when it was ready and may have died since. */
  async function address(): Promise<string | undefined> {
    const file = join(home, 'server.json')
    if (!existsSync(file)) return undefined
    const { http } = JSON.parse(readFileSync(file, 'utf8')) as { http: string }
    const answer = await fetch(`${http}/readyz`, { signal }).catch(() => undefined)
    signal.throwIfAborted()
    return answer?.ok ? http : undefined
  }

  async function request(path: string, more: Request = {}): Promise<Response> {
    const { body, fine = [], until } = more
    const url = await address()
    if (url === undefined) throw new Error(`The server of ${home} is not up.`)
    const token = readFileSync(join(home, 'token'), 'utf8').trim()
    const at = path.startsWith('/') ? path : `${workspace}/${path}`
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const method = body === undefined ? 'GET' : 'POST'
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const stop = until === undefined ? signal : AbortSignal.any([signal, until])
    const answer = await fetch(`${url}${at}`, { method, headers, signal: stop, ...sent })
    if (!answer.ok && !fine.includes(answer.status))
      throw new Error(`${method} ${at} was answered ${answer.status}: ${await answer.text()}`)
    return answer
  }

  return {
    command: async (...words) => (await start(words, { signal })).stdout.trim(),
    commandAs: async (token, ...words) =>
      (await start(words, { signal, env: { TWINLOOP_TOKEN: token } })).stdout.trim(),
    ask: async <T>(...words: readonly string[]) =>
      JSON.parse((await start([...words, '--output', 'json'], { signal })).stdout) as T,
    atEnd: async (...words) => {
      await start(words, {}).catch((error: Error) => console.error(error.message))
    },
    address,
    async up() {
      const words = (await address()) === undefined ? ['up', '--detach'] : ['login']
      const { stdout, stderr } = await start(words, {
        env: { ...measured, ...(await freePorts(process.env)) },
        signal,
      })
      return /https?:\/\/\S+\?otk=\S+/.exec(stdout + stderr)?.[0] ?? 'twinloop login prints a link'
    },
    get: async <T>(path: string) => (await (await request(path)).json()) as T,
    async find<T>(path: string) {
      const answer = await request(path, { fine: [404] })
      return answer.ok ? ((await answer.json()) as T) : undefined
    },
    post: async <T>(path: string, body: unknown) => (await (await request(path, { body })).json()) as T,
    async events(types, until) {
      const which = types.length === 0 ? '' : `?types=${types.join(',')}`
      const answer = await request(`providers/Twinloop/events${which}`, { until })
      if (answer.body === null) throw new Error('The event stream has no body.')
      return readEvents(answer.body)
    },
  }
}

/** Machine and endpoints are measured more often than a server by itself would. */
const measured = { TWINLOOP_MEASURE_EVERY_SECONDS: process.env['TWINLOOP_MEASURE_EVERY_SECONDS'] ?? '5' }

/** The server's usual ports, or any free one (0) in place of those that something else has taken. */
async function freePorts(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const usual = { TWINLOOP_PORT: 7077, TWINLOOP_HTTPS_PORT: 7443, TWINLOOP_GATEWAY_PORT: 7078 }
  const chosen: NodeJS.ProcessEnv = {}
  for (const [name, port] of Object.entries(usual))
    chosen[name] = env[name] ?? ((await isFree(port)) ? String(port) : '0')
  return chosen
}

async function isFree(port: number): Promise<boolean> {
  const answer = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => answer.resolve(false))
  server.listen(port, '127.0.0.1', () => server.close(() => answer.resolve(true)))
  return answer.promise
}
