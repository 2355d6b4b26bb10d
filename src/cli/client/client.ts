import { Failure, messageOf } from '../failure.ts'
import { RemoteFailure, isErrorBody } from './remote-failure.ts'

/** The REST version that Twinloop speaks; the server accepts any. */
const apiVersion = '2025-12-01'

/** Where a client talks to, and as whom. */
export interface Connection {
  /** `http://127.0.0.1:7077`, no slash at the end. */
  readonly url: string
  /** Empty where a browser's cookie says who asks. */
  readonly token: string
  readonly subscription: string
  readonly resourceGroup: string
  readonly workspace: string
  readonly signal: AbortSignal
  /** Told of every request when `--debug` asks for it. */
  readonly trace?: (line: string) => void
}

export type Json = Readonly<Record<string, unknown>>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

export interface Asking {
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A client of the server's REST API: no more than any other client has. */
export type Client = ReturnType<typeof makeClient>

/**
 * Makes a client. Paths are relative to the workspace (`/jobs/x`) unless they begin with `/subscriptions`, and may be
 * absolute URLs. Every method throws a RemoteFailure for an error that the server answers, and a Failure that says how
 * to start the server if none answers. With the id of a `registry`, paths are relative to that.
 */
export function makeClient(connection: Connection, registry?: string) {
  const workspaceId =
    registry ??
    `/subscriptions/${connection.subscription}/resourceGroups/${connection.resourceGroup}` +
      `/providers/Microsoft.MachineLearningServices/workspaces/${connection.workspace}`

  const urlOf = (path: string, query: Asking['query'] = {}) => {
    const full = /^https?:/.test(path)
      ? path
      : connection.url + (path.startsWith('/subscriptions') ? path : workspaceId + path)
    const url = new URL(full)
    if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', apiVersion)
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, value)
    return url
  }

  async function send(method: string, path: string, asking: Asking = {}): Promise<Answer> {
    const url = urlOf(path, asking.query)
    // A server may name another of its own addresses (HTTPS) in links; the one we know is reachable and trusted.
    if (url.pathname.startsWith('/subscriptions')) rebase(url, connection.url)
    connection.trace?.(
      `${method} ${url.href}${asking.body === undefined ? '' : ` ${JSON.stringify(asking.body)}`}`,
    )
    const response = await reach(connection, () =>
      fetch(url, {
        method,
        headers: {
          ...(connection.token === '' ? {} : { authorization: `Bearer ${connection.token}` }),
          ...(asking.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...asking.headers,
        },
        signal: connection.signal,
        ...(asking.body === undefined ? {} : { body: JSON.stringify(asking.body) }),
      }),
    )
    const text = await response.text()
    connection.trace?.(`${response.status} ${text.slice(0, 4000)}`)
    const body = parseBody(text)
    if (response.ok) return { status: response.status, headers: response.headers, body }
    throw new RemoteFailure(response.status, isErrorBody(body) ? body.error : { message: text.slice(0, 500) })
  }

  /** Follows a long-running operation to its end; returns the resource as it is then, if it still is. */
  async function finish(first: Answer, resource: string): Promise<unknown> {
    const operation = first.headers.get('azure-asyncoperation')
    const location = first.headers.get('location')
    if (operation !== null) {
      for (let answer = first; ;) {
        await pause(answer, connection.signal)
        answer = await send('GET', operation)
        const { status, error } = answer.body as { status?: string; error?: unknown }
        if (status === 'Succeeded') break
        if (status === 'Failed' || status === 'Canceled')
          throw new RemoteFailure(
            409,
            isErrorBody(answer.body) ? answer.body.error : { message: status, ...(error as object) },
          )
      }
      return find(resource)
    }
    if (location === null) return first.body
    let answer = first
    while (answer.status === 202) {
      await pause(answer, connection.signal)
      answer = await send('GET', location)
    }
    return answer.body
  }

  async function find<T = Json>(path: string, query?: Asking['query']): Promise<T | undefined> {
    try {
      return (await send('GET', path, query === undefined ? {} : { query })).body as T
    } catch (error) {
      if (error instanceof RemoteFailure && error.status === 404) return undefined
      throw error
    }
  }

  return {
    /** The id that paths are relative to: a workspace's, or a registry's. */
    workspaceId,
    /** What that is called: `workspace dev`, `registry shelf`. */
    home:
      registry === undefined ? `workspace ${connection.workspace}` : `registry ${registry.split('/').at(-1)}`,
    isRegistry: registry !== undefined,
    connection,
    send,
    find,
    async get<T = Json>(path: string, query?: Asking['query']): Promise<T> {
      return (await send('GET', path, query === undefined ? {} : { query })).body as T
    },
    /** Creates or replaces, waiting for a long-running operation's end unless told not to. */
    async put<T = Json>(
      path: string,
      body: unknown,
      options: { wait?: boolean; headers?: Asking['headers'] } = {},
    ): Promise<T> {
      const { headers } = options
      const answer = await send('PUT', path, headers === undefined ? { body } : { body, headers })
      return (options.wait === false ? answer.body : ((await finish(answer, path)) ?? answer.body)) as T
    },
    async patch<T = Json>(path: string, body: unknown, options: { wait?: boolean } = {}): Promise<T> {
      const answer = await send('PATCH', path, { body })
      return (options.wait === false ? answer.body : ((await finish(answer, path)) ?? answer.body)) as T
    },
    async post<T = Json>(path: string, body: unknown = {}, options: { wait?: boolean } = {}): Promise<T> {
      const answer = await send('POST', path, { body })
      return (options.wait === false ? answer.body : await finish(answer, path)) as T
    },
    async remove(path: string, options: { wait?: boolean; query?: Asking['query'] } = {}): Promise<void> {
      const answer = await send('DELETE', path, options.query === undefined ? {} : { query: options.query })
      if (options.wait !== false) await finish(answer, path)
    },
    /** The items of a list that `wanted` takes, page by page, as far as `most` of them. */
    async list<T = Json>(
      path: string,
      query: Asking['query'] = {},
      most = Infinity,
      wanted: (item: T) => boolean = () => true,
    ): Promise<readonly T[]> {
      const items: T[] = []
      let next: string | undefined = path
      for (let first = true; next !== undefined && items.length < most; first = false) {
        const page: Answer = await send('GET', next, first ? { query } : {})
        const body = page.body as { value?: T[]; nextLink?: string | null }
        items.push(...(body.value ?? []).filter(wanted))
        next = body.nextLink ?? undefined
      }
      return items.slice(0, most)
    },
  }
}

/** Runs a request; a connection that fails says how to start the server rather than `fetch failed`. */
export async function reach<T>(
  connection: Pick<Connection, 'url' | 'signal'>,
  request: () => Promise<T>,
): Promise<T> {
  try {
    return await request()
  } catch (error) {
    if (connection.signal.aborted) throw new Failure('interrupted', { exitCode: 130 })
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined
    const refused = cause?.code === 'ECONNREFUSED'
    throw new Failure(
      refused ? `no server answers at ${connection.url}` : `${connection.url}: ${messageOf(cause ?? error)}`,
      {
        cause: error,
        hint: refused
          ? 'start it: twinloop up --detach'
          : /certificate|self.signed/i.test(messageOf(cause))
            ? 'twinloop trust says how this machine trusts the server'
            : 'twinloop status tells more',
      },
    )
  }
}

function rebase(url: URL, base: string): void {
  const known = new URL(base)
  url.protocol = known.protocol
  url.host = known.host
}

function parseBody(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Waits as long as the server asks in Retry-After (default 1 second): this protocol has no notification. */
async function pause(answer: Answer, signal: AbortSignal): Promise<void> {
  const seconds = Number(answer.headers.get('retry-after') ?? 1)
  try {
    signal.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer)
        reject(new Error('interrupted'))
      }
      const timer = setTimeout(
        () => {
          signal.removeEventListener('abort', stop)
          resolve()
        },
        Number.isFinite(seconds) ? seconds * 1000 : 1000,
      )
      signal.addEventListener('abort', stop, { once: true })
    })
  } catch {
    throw new Failure('interrupted; the operation goes on at the server', { exitCode: 130 })
  }
}
