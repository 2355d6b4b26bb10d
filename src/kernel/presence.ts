import { createHash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errors } from './errors.ts'
import type { Urls } from './platform.ts'

/** What a running server tells the command line about itself, in `{home}/server.json`. */
export interface Presence extends Urls {
  readonly pid: number
}

export const presenceFile = (home: string): string => join(home, 'server.json')

/** The server that says it runs on this home, or undefined. It may have been killed: ask it before relying on it. */
export function readPresence(home: string): Presence | undefined {
  try {
    return JSON.parse(readFileSync(presenceFile(home), 'utf8')) as Presence
  } catch {
    return undefined
  }
}

export function announce(home: string, presence: Presence): void {
  const file = presenceFile(home)
  writeFileSync(`${file}.new`, JSON.stringify(presence, null, 2), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/**
 * Sees that this is the only server on its home, as long as it lives: a socket of the home folder, which the system
 * closes with the process however that ends. Throws conflict if another server holds it.
 */
export async function claimHome(home: string): Promise<{ release(): void }> {
  const path = lockPath(home)
  let server = await listenOn(path)
  if (server === undefined) {
    if (await answers(path)) {
      const other = readPresence(home)
      throw errors.conflict(
        `A server already runs on ${home}${other === undefined ? '' : ` (process ${other.pid}, ${other.http})`}. ` +
          'Use it, end it with `twinloop down`, or choose another home with TWINLOOP_HOME.',
      )
    }
    rmSync(path, { force: true })
    server = await listenOn(path)
    if (server === undefined) throw errors.conflict(`Another server is just starting on ${home}.`)
  }
  const held = server.unref()
  return {
    release() {
      rmSync(presenceFile(home), { force: true })
      held.close()
    },
  }
}

/** The system allows about 100 bytes for a socket's path: a longer home is locked by its digest. */
function lockPath(home: string): string {
  const inside = join(home, 'server.lock')
  if (Buffer.byteLength(inside) < 100) return inside
  return join(tmpdir(), `twinloop-${createHash('sha256').update(home).digest('hex').slice(0, 32)}.lock`)
}

function listenOn(path: string): Promise<Server | undefined> {
  const listening = Promise.withResolvers<Server | undefined>()
  const server = createServer((socket) => socket.destroy())
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') listening.resolve(undefined)
    else listening.reject(error)
  })
  server.listen(path, () => listening.resolve(server))
  return listening.promise
}

function answers(path: string): Promise<boolean> {
  const connected = Promise.withResolvers<boolean>()
  const socket = connect(path)
  socket.once('connect', () => {
    socket.destroy()
    connected.resolve(true)
  })
  socket.once('error', () => connected.resolve(false))
  return connected.promise
}
