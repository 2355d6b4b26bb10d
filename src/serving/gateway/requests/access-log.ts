import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs'

/** One line of the access log. */
export interface AccessEntry {
  readonly time: string
  readonly requestId: string
  /** Of the caller's traceparent. */
  readonly traceId?: string
  readonly method: string
  readonly path: string
  readonly deployment?: string
  readonly status: number
  /** Class of the error. */
  readonly reason?: string
  /** True for a copy whose answer nobody got. */
  readonly mirrored?: true
  /** Milliseconds in all, waiting for an instance, and in the model. */
  readonly ms: number
  readonly waitedMs?: number
  readonly modelMs?: number
  readonly bytesIn: number
  readonly bytesOut: number
}

/**
 * Appends entries as JSON lines to `file`; when it has more than `maxBytes` it becomes `file.1` (replacing the one
 * before) and a new one is begun. Lines are written together, soon. Those that a full or slow disk does not take are
 * told of by `onDropped` and dropped: scoring goes on.
 */
export function openAccessLog(file: string, onDropped: (lines: number) => void, maxBytes = 64 * 1024 * 1024) {
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  let stream = open()
  let lines: string[] = []
  let timer: NodeJS.Timeout | undefined

  function open(): WriteStream {
    return createWriteStream(file, { flags: 'a' }).on('error', () => onDropped(1))
  }

  function flush() {
    clearTimeout(timer)
    timer = undefined
    const [text, count] = [lines.join(''), lines.length]
    lines = []
    if (count === 0) return
    if (stream.writableLength > mostBehindBytes) return onDropped(count)
    size += text.length
    if (stream.destroyed || size > maxBytes) {
      stream.end()
      if (size > maxBytes) {
        renameSync(file, `${file}.1`)
        size = text.length
      }
      stream = open()
    }
    stream.write(text)
  }

  return {
    write(entry: AccessEntry) {
      lines.push(`${JSON.stringify(entry)}\n`)
      if (lines.length >= mostTogether) return flush()
      timer ??= setTimeout(flush, togetherMs)
    },
    close: () => {
      flush()
      return new Promise<void>((resolve) => (stream.destroyed ? resolve() : stream.end(resolve)))
    },
  }
}

const togetherMs = 20
const mostTogether = 256
const mostBehindBytes = 16 * 1024 * 1024

export type AccessLog = ReturnType<typeof openAccessLog>
