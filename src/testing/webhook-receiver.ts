import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedCall {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface WebhookReceiver {
  readonly url: string
  readonly calls: readonly ReceivedCall[]
  /** Resolves once so many calls are there. */
  received(count: number): Promise<readonly ReceivedCall[]>
  /** What it answers from now on. */
  answer(status: number, headers?: Readonly<Record<string, string>>): void
  close(): Promise<void>
}

/** A server on a free port of this machine that keeps what it is sent. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const calls: ReceivedCall[] = []
  const waiting: { readonly count: number; readonly done: () => void }[] = []
  let [status, headers]: [number, Readonly<Record<string, string>>] = [200, {}]
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => void parts.push(part))
    request.on('end', () => {
      calls.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString('utf8'),
      })
      response.writeHead(status, headers).end(status === 200 ? 'ok' : 'no, thanks')
      for (const { count, done } of waiting) if (calls.length >= count) done()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async received(count) {
      if (calls.length < count) await new Promise<void>((done) => void waiting.push({ count, done }))
      return calls
    },
    answer: (next, given = {}) => void ([status, headers] = [next, given]),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
