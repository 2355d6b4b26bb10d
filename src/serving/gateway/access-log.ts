import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs'

/** One line of the access log. */
export interface AccessEntry {
  readonly time: string
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly deployment?: string
  readonly status: number
  /** Milliseconds in all, waiting for an instance, and in the model. */
  readonly ms: number
  readonly waitedMs?: number
  readonly modelMs?: number
  readonly bytesIn: number
  readonly bytesOut: number
}

/**
 * Appends entries as JSON lines to `file`; when it has more than `maxBytes` it becomes `file.1` (replacing the one
 * before) and a new one is begun. Lines that a full disk refuses are counted and dropped: scoring goes on.
 */
export function openAccessLog(file: string, maxBytes = 64 * 1024 * 1024) {
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  let dropped = 0
  let stream = open()

  function open(): WriteStream {
    return createWriteStream(file, { flags: 'a' }).on('error', () => dropped++)
  }

  return {
    write(entry: AccessEntry) {
      const line = `${JSON.stringify(entry)}\n`
      size += line.length
      if (stream.destroyed || size > maxBytes) {
        stream.end()
        if (size > maxBytes) {
          renameSync(file, `${file}.1`)
          size = line.length
        }
        stream = open()
      }
      stream.write(line)
    },
    /** Writes that failed since the start. */
    get dropped() {
      return dropped
    },
    close: () => new Promise<void>((resolve) => (stream.destroyed ? resolve() : stream.end(resolve))),
  }
}

export type AccessLog = ReturnType<typeof openAccessLog>
