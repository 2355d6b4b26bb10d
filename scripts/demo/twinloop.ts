import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

/** The command line of this repository, its server, and what the server says of itself. */
export interface Twinloop {
  /** Runs `twinloop …` in the example's folder and returns what it prints. Throws with what it said if it fails. */
  command(...words: readonly string[]): Promise<string>
  /** The same, to be used for ending things: it runs even after an interrupt, and says on standard error if it fails. */
  atEnd(...words: readonly string[]): Promise<void>
  /** Starts the server unless it is up; returns the link that signs a browser in. */
  up(): Promise<{ readonly url: string; readonly signIn: string; readonly wasUp: boolean }>
  /** True once `up` has had to start the server. */
  startedHere(): boolean
  /** GETs from the REST API, below the workspace unless the path begins with `/`. */
  get<T>(path: string): Promise<T>
  /** What happens in the workspace from now on, as CloudEvents; resolves once connected. */
  events(types: readonly string[]): Promise<AsyncIterable<CloudEvent>>
}

export interface CloudEvent {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

const workspace =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/twinloop' +
  '/providers/Microsoft.MachineLearningServices/workspaces/dev'

export function createTwinloop(options: { home: string; folder: string; signal: AbortSignal }): Twinloop {
  const { home, folder, signal } = options
  const env = { ...process.env, TWINLOOP_HOME: home, NO_COLOR: '1' }
  const main = join(root, 'src/main.ts')
  let started = false

  async function command(
    words: readonly string[],
    more: NodeJS.ProcessEnv = {},
    stop?: AbortSignal,
  ): Promise<string> {
    try {
      const { stdout } = await run(process.execPath, [main, ...words], {
        cwd: folder,
        env: { ...env, ...more },
        maxBuffer: 64 * 1024 * 1024,
        ...(stop === undefined ? {} : { signal: stop }),
      })
      return stdout.trim()
    } catch (error) {
      if (stop?.aborted) throw stop.reason
      const said = (error as { stderr?: string }).stderr?.trim() ?? String(error)
      throw new Error(`twinloop ${words.join(' ')}\n${said}`, { cause: error })
    }
  }

  /** Where the server of this home is, if it is up: it writes the file when it is ready and may have died since. */
  async function found(): Promise<string | undefined> {
    const file = join(home, 'server.json')
    if (!existsSync(file)) return undefined
    const { http } = JSON.parse(readFileSync(file, 'utf8')) as { http: string }
    const answer = await fetch(`${http}/readyz`, { signal }).catch(() => undefined)
    return answer?.ok ? http : undefined
  }

  async function request(path: string): Promise<Response> {
    const url = await found()
    if (url === undefined) throw new Error(`The server of ${home} is not up.`)
    const token = readFileSync(join(home, 'token'), 'utf8').trim()
    const at = path.startsWith('/') ? path : `${workspace}/${path}`
    const answer = await fetch(`${url}${at}`, { headers: { authorization: `Bearer ${token}` }, signal })
    if (!answer.ok) throw new Error(`GET ${at} was answered ${answer.status}: ${await answer.text()}`)
    return answer
  }

  return {
    command: (...words) => command(words, {}, signal),
    atEnd: async (...words) => {
      await command(words).catch((error: Error) => console.error(error.message))
    },
    async up() {
      const wasUp = (await found()) !== undefined
      started ||= !wasUp
      const printed = await command(
        wasUp ? ['login', '--link'] : ['up', '--detach'],
        await ports(process.env),
        signal,
      )
      const signIn = /https?:\/\/\S+\?otk=\S+/.exec(printed)?.[0]
      const url = await found()
      if (url === undefined || signIn === undefined)
        throw new Error(`The server did not say where it is:\n${printed}`)
      return { url, signIn, wasUp }
    },
    startedHere: () => started,
    get: async <T>(path: string) => (await (await request(path)).json()) as T,
    async events(types) {
      const answer = await request(`providers/Twinloop/events?types=${types.join(',')}`)
      return readEvents(answer.body ?? new ReadableStream())
    },
  }
}

/** Server-sent events: blocks that an empty line ends, of which the `data:` lines matter here. */
async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<CloudEvent> {
  let text = ''
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = block.split('\n').filter((line) => line.startsWith('data:'))
      if (data.length > 0) yield JSON.parse(data.map((line) => line.slice(5)).join('\n')) as CloudEvent
    }
  }
}

/** The server's usual ports, or free ones (0) in place of those that something else has taken. */
async function ports(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
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
