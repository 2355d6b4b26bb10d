import { Agent, request } from 'node:http'

/** What a client saw: completed requests per second, and latency in milliseconds. */
export interface Load {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly errors: number
}

export interface Call {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * Closed loop: `connections` keep-alive connections, each sending its next request when it has its answer, for
 * `seconds` after one tenth of that as warm-up. `call(i)` makes the i-th request.
 */
export async function load(
  base: string,
  call: (i: number) => Call,
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const times: number[] = []
  let [sent, errors] = [0, 0]
  const measureFrom = performance.now() + seconds * 100
  const end = measureFrom + seconds * 1000
  const client = async () => {
    while (performance.now() < end) {
      const started = performance.now()
      const status = await send(base, call(sent++), agent)
      const now = performance.now()
      if (now < measureFrom) continue
      if (status >= 400) errors++
      times.push(now - started)
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
  agent.destroy()
  times.sort((a, b) => a - b)
  const at = (q: number) => times[Math.min(times.length - 1, Math.floor(times.length * q))] ?? Number.NaN
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99), errors }
}

/** Sends one request and reads its answer to the end. */
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
