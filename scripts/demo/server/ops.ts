import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** Whoever is on call: a webhook that keeps what it is told. */
export interface Ops {
  readonly url: string
  /** Types of the CloudEvents that came, with what they say of an incident, oldest first. */
  readonly told: readonly Told[]
  close(): void
}

export interface Told {
  readonly type: string
  readonly subject: string
}

/** Listens on a free port of this machine. */
export async function startOps(): Promise<Ops> {
  const told: Told[] = []
  const server = createServer((request, response) => {
    json(request).then(
      (event) => {
        const { type, subject } = event as Told
        told.push({ type, subject })
        response.writeHead(204).end()
      },
      () => response.writeHead(400).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`,
    told,
    close: () => server.close(),
  }
}
