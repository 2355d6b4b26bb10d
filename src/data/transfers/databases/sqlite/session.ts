import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errors } from '../../../../kernel/errors.ts'
import { sentence } from '../failure.ts'
import { ConnectionLost } from '../sql-source.ts'
import { frameHead, frames, type Failed, type Order } from './messages.ts'

const own = fileURLToPath(import.meta.url)
const program = join(dirname(own), `reader${extname(own)}`)

/** A process that reads a SQLite database, in one transaction. */
export interface SqliteSession {
  /** Puts an order, and hands over its rows as they come. Resolves with the answer; orders are answered one by one. */
  ask(order: Order, row?: (bytes: Buffer) => void): Promise<unknown>
  pause(): void
  resume(): void
  /** Ends the process, whatever it is doing. Safe to call twice. */
  close(): Promise<void>
}

export interface SqliteFile {
  readonly path: string
  /** True for a copy of ours, to which nobody writes. */
  readonly isCopy: boolean
}

/** Starts the process: SQLite answers while its caller waits, and what it does can only be ended with its process. */
export function startSqlite(
  { path, isCopy }: SqliteFile,
  options: { readonly name: string; readonly timeoutMs: number },
): SqliteSession {
  const { PATH = '', LD_LIBRARY_PATH } = process.env
  const reader = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, path, ...(isCopy ? ['copy'] : [])],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH, TZ: 'UTC', ...(LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }) },
    },
  )
  const at = `SQLite database ${path} (connection '${options.name}')`
  const gone = once(reader, 'exit').catch(() => [])
  let ended: Error | undefined
  let asking: { readonly result: PromiseWithResolvers<unknown>; row(bytes: Buffer): void } | undefined

  const end = (reason: Error) => {
    ended ??= reason
    asking?.result.reject(ended)
  }
  const onFrame = (kind: number | undefined, content: Buffer) => {
    if (kind === frames.row) return asking?.row(content)
    const said = JSON.parse(content.toString()) as unknown
    if (kind === frames.failure) asking?.result.reject(failureOf(said as Failed, at))
    else asking?.result.resolve(said)
  }
  let rest = Buffer.alloc(0)
  reader.stdout.on('data', (bytes: Buffer) => {
    rest = takeFrames(rest.length === 0 ? bytes : Buffer.concat([rest, bytes]), onFrame)
  })
  // What it was asked when it ended is answered by its end.
  reader.stdin.on('error', () => {})
  reader.on('error', (cause) => end(new ConnectionLost(`${at} cannot be read: ${cause.message}.`, { cause })))
  reader.on('exit', (code, signal) =>
    end(new ConnectionLost(`The process that reads ${at} ended (${signal ?? code}).`)),
  )
  const limit = setTimeout(() => {
    end(
      errors.badRequest(
        `${sentence(at)}: the query was ended after ${options.timeoutMs / 1000} s. Raise the import's timeout or ask for less.`,
      ),
    )
    reader.kill('SIGKILL')
  }, options.timeoutMs)

  return {
    async ask(order, row = () => {}) {
      if (ended !== undefined) throw ended
      const result = Promise.withResolvers<unknown>()
      asking = { result, row }
      reader.stdin.write(`${JSON.stringify(order)}\n`)
      return result.promise
    },
    pause: () => reader.stdout.pause(),
    resume: () => reader.stdout.resume(),
    async close() {
      clearTimeout(limit)
      end(new ConnectionLost(`${sentence(at)} is closed.`))
      reader.kill('SIGKILL')
      await gone
    },
  }
}

/** Hands over the whole frames at the beginning, and answers what is left. */
function takeFrames(
  bytes: Buffer,
  take: (kind: number | undefined, content: Buffer) => void,
): Buffer<ArrayBuffer> {
  let at = 0
  while (at + frameHead <= bytes.length) {
    const end = at + frameHead + bytes.readUInt32LE(at + 1)
    if (end > bytes.length) break
    take(bytes[at], bytes.subarray(at + frameHead, end))
    at = end
  }
  return Buffer.from(bytes.subarray(at))
}

const [busy, locked, ioError, cannotOpen, notADatabase] = [5, 6, 10, 14, 26]

/** What a failure means, by SQLite's code. */
function failureOf({ code, message }: Failed, at: string): Error {
  // The lower byte is the code, the rest says more of it.
  switch (code & 0xff) {
    case busy:
    case locked:
    case ioError:
      return new ConnectionLost(`${at} cannot be read: ${message}.`)
    case cannotOpen:
      return errors.badRequest(`${at} cannot be opened: ${message}.`)
    case notADatabase:
      return errors.badRequest(`${at} is no SQLite database, or an encrypted one: ${message}.`)
    default:
      return errors.badRequest(`${at} refuses: ${message}.`)
  }
}
