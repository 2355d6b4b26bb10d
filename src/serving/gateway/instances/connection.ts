import { connect, type Socket } from 'node:net'
import { z } from 'zod'
import { encodeFrame, type Frame, frameReader } from './frames.ts'

/** What an instance says of a request it has answered. */
const replyMeta = z.object({
  status: z.number().int(),
  contentType: z.string(),
  /** Time in the model. */
  milliseconds: z.number(),
  /** True if the user's code failed, rather than the request. */
  failed: z.boolean().optional(),
})

export type Reply = z.infer<typeof replyMeta> & { readonly body: Buffer }

/** What an instance is told of a request. */
export interface RequestMeta {
  readonly route: string
  readonly requestId: string
  readonly contentType: string
}

/** One connection to an instance; carries one request at a time. */
export interface Connection {
  /**
   * Sends a request. `settle` is called once: with the reply, or with how the instance went away before that: `lost`
   * if it may have begun on the request, `undelivered` if it cannot have, since it never got all of it.
   */
  send(meta: RequestMeta, body: Buffer, settle: (result: Reply | 'lost' | 'undelivered') => void): void
  readonly busy: boolean
  /** Closes when the request under way has been answered; at once if there is none. */
  retire(): void
}

export interface ConnectionEvents {
  open(): void
  /** The instance is about to leave: it answers what it has, and should be sent nothing more. */
  goodbye(): void
  /** Called once, before the request under way (if any) is settled: not opened, broken, or retired. */
  gone(reason: 'refused' | 'broken' | 'retired'): void
}

/** Opens a connection to the socket at `path`. */
export function openConnection(path: string, on: ConnectionEvents): Connection {
  let settle: ((result: Reply | 'lost' | 'undelivered') => void) | undefined
  let delivered = false
  let retiring = false
  let opened = false
  const socket: Socket = connect({ path })

  const answered = (result: Reply | 'lost' | 'undelivered') => {
    const done = settle
    settle = undefined
    if (retiring) socket.end()
    done?.(result)
  }
  const retire = () => {
    retiring = true
    if (settle === undefined) socket.end()
  }
  const onFrame = ({ meta, body }: Frame) => {
    if (meta.length === 0) return on.goodbye()
    const told = replyMeta.safeParse(JSON.parse(meta.toString()))
    if (told.success) answered({ ...told.data, body })
    else socket.destroy(new Error('the instance sent what is not a reply'))
  }
  socket.on('connect', () => {
    opened = true
    on.open()
  })
  socket.on('data', frameReader(onFrame))
  socket.on('error', () => {})
  socket.on('close', () => {
    on.gone(!opened ? 'refused' : retiring ? 'retired' : 'broken')
    answered(delivered ? 'lost' : 'undelivered')
  })
  return {
    send(meta, body, then) {
      settle = then
      delivered = false
      const [head, rest] = encodeFrame(meta, body)
      socket.write(head)
      socket.write(rest, (error) => {
        delivered = !error
      })
    },
    get busy() {
      return settle !== undefined
    },
    retire,
  }
}
