import type { Client } from './client.ts'
import { reach } from './client.ts'
import { RemoteFailure } from './remote-failure.ts'

/** Something that happened in the workspace, as the server tells it: a CloudEvent. */
export interface Told {
  readonly type: string
  readonly subject: string
}

/**
 * What happens in a client's workspace from now on, as long as the stream holds. Yields undefined once it listens: what
 * is read after that misses nothing. The caller reads again, and listens again, when it ends.
 */
export async function* eventsOf(client: Client): AsyncGenerator<Told | undefined> {
  const { connection } = client
  const response = await reach(connection, () =>
    fetch(`${connection.url}${client.workspaceId}/providers/Twinloop/events`, {
      headers: { authorization: `Bearer ${connection.token}`, accept: 'text/event-stream' },
      signal: connection.signal,
    }),
  )
  if (!response.ok || response.body === null)
    throw new RemoteFailure(response.status, { message: 'the server does not tell what happens' })
  const stream = response.body.pipeThrough(new TextDecoderStream())
  let text = ''
  try {
    yield undefined
    for await (const chunk of stream) {
      text += chunk
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) {
        const data = /^data: ?(.*)$/m.exec(part)?.[1]
        if (data !== undefined) yield JSON.parse(data) as Told
      }
    }
  } catch {
    // The server went, or something between, or whoever listens: they see to that.
  } finally {
    // Left open by whoever has read enough, it would keep the process.
    await stream.cancel().catch(() => {})
  }
}
