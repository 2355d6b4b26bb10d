import { Agent, request } from 'node:http'

/** What a client saw: good answers per second, and their latency in milliseconds. `sent` counts the warm-up too. */
export interface Load {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly sent: number
  readonly errors: number
}

export interface LoadOptions {
  readonly connections: number
  readonly seconds: number
}

export interface Call {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * Closed loop: `connections` keep-alive connections, each sending its next request when it has its answer, for
 * `seconds` after one tenth of that as warm-up. `call(i)` makes the i-th request. Client and server share the machine.
 */
export async function load(
  base: string,
  call: (i: number) => Call,
  { connections, seconds }: LoadOptions,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const times: number[] = []
  let [sent, errors] = [0, 0]
  const measureFrom = performance.now() + seconds * 100
  const end = measureFrom + seconds * 1000
  const client = async () => {
    while (performance.now() < end) {
      const started = performance.now()
      const status = await send(base, call(sent++), agent).catch(() => 0)
      const now = performance.now()
      if (status < 200 || status >= 300) errors++
      else if (now >= measureFrom) times.push(now - started)
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
  const elapsed = (performance.now() - measureFrom) / 1000
  agent.destroy()
  times.sort((a, b) => a - b)
  const at = (q: number) => times[Math.min(times.length - 1, Math.floor(times.length * q))] ?? Number.NaN
  return { perSecond: times.length / elapsed, p50: at(0.5), p99: at(0.99), sent, errors }
}

/** Sends one request and reads its answer to the end; its status. */
export function send(base: string, call: Call, agent?: Agent): Promise<number> {
  const done = Promise.withResolvers<number>()
  const body = call.body === undefined ? undefined : Buffer.from(call.body)
  const headers = {
    ...call.headers,
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(body.length) }),
  }
  const sent = request(
    `${base}${call.path}`,
    { method: call.method, headers, ...(agent === undefined ? {} : { agent }) },
    (response) => {
      response.resume()
      response.once('end', () => done.resolve(response.statusCode ?? 0))
      response.once('error', done.reject)
    },
  )
  sent.once('error', done.reject)
  sent.end(body)
  return done.promise
}

/** Sends JSON and returns the JSON that comes back. Throws with the answer if it is an error. */
export async function json<T>(
  { url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}
