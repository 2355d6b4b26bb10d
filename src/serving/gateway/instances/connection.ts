import { connect, type Socket } from 'node:net'
import { z } from 'zod'
import { encodeFrame, type Frame, frameReader, ping } from './frames.ts'
import type { Reply, ScoringRequest, ScoringResult } from './instance.ts'

/** What an instance says of a request it has answered. */
const replyMeta = z.object({
  status: z.number().int(),
  contentType: z.string(),
  milliseconds: z.number(),
  failed: z.boolean().optional(),
  rows: z.number().int().optional(),
})

/** One connection to an instance; carries one request at a time. */
export interface Connection {
  /**
   * Sends a request. `settle` is called once: with the reply, or with how the instance went away before that: `lost`
   * if it may have begun on the request, `undelivered` if it cannot have, since it never got all of it.
   */
  send(request: ScoringRequest, settle: (result: ScoringResult) => void): void
  /** Asks the instance for a sign of life; `open` is called again when it comes. Only while no request is under way. */
  prove(): void
  /** Closes when the request under way has been answered; at once if there is none. */
  retire(): void
}

export interface ConnectionEvents {
  /** The instance is at the other end, and has just said something. That the socket took us would not tell. */
  open(): void
  /** The instance is about to leave: it answers what it has, and should be sent nothing more. */
  goodbye(): void
  /** Called once, before the request under way (if any) is settled: never opened, broken, or retired. */
  gone(reason: 'refused' | 'broken' | 'retired'): void
}

const copiedBytes = 64 * 1024

/**
 * Opens a connection to the socket at `path`. A process that is ending or stopped has a socket that still takes
 * connections, and requests, which nobody will answer: so each has to prove itself first.
 */
export function openConnection(path: string, on: ConnectionEvents): Connection {
  let settle: ((result: ScoringResult) => void) | undefined
  let delivered = false
  let retiring = false
  let opened = false
  let proving = false
  const socket: Socket = connect({ path })

  const answered = (result: ScoringResult) => {
    const done = settle
    settle = undefined
    if (retiring) socket.end()
    done?.(result)
  }
  const onFrame = ({ meta, body }: Frame) => {
    if (meta.length === 0) return on.goodbye()
    if (proving) {
      proving = false
      opened = true
      return on.open()
    }
    const told = readMeta(meta)
    if (told) answered({ ...told, body })
    else socket.destroy(new Error('the instance sent what is not a reply'))
  }
  const prove = () => {
    proving = true
    socket.write(ping)
  }
  socket.on('connect', prove)
  socket.on('data', frameReader(onFrame))
  socket.on('error', () => {})
  socket.on('close', () => {
    on.gone(!opened ? 'refused' : retiring ? 'retired' : 'broken')
    answered(delivered ? 'lost' : 'undelivered')
  })
  return {
    send(request, then) {
      settle = then
      delivered = false
      const { operation: route, body, abandoned: _, ...rest } = request
      const parts = encodeFrame({ route, ...rest }, body)
      const written = (error: unknown) => {
        delivered = !error
      }
      // Bytes that are copied cheaply go out by a plain write, which costs less than one of several parts.
      if (body.length <= copiedBytes) return void socket.write(Buffer.concat(parts), written)
      const [head, bytes] = parts
      socket.cork()
      socket.write(head)
      socket.write(bytes, written)
      socket.uncork()
    },
    prove,
    retire() {
      retiring = true
      if (settle === undefined) socket.end()
    },
  }
}

function readMeta(meta: Buffer): Omit<Reply, 'body'> | undefined {
  try {
    return replyMeta.safeParse(JSON.parse(meta.toString())).data
  } catch {
    return undefined
  }
}
