import { open } from 'node:fs/promises'
import { errors, UserError } from '../../../kernel/errors.ts'
import { FileChanged, FileMissing } from '../file-store.ts'
import type { FileInfo, ReadableStore } from '../file-store.ts'

/** A stream from which nothing comes for so long has died. */
const silenceMs = 60_000

/** So often in a row a stream may break off without having brought anything. */
const fruitless = 3

/**
 * Fetches the bytes that `file` tells of into a new local file, read-only, and answers how many. A stream that breaks
 * off is gone on with from where it broke, of the same etag. Throws a `UserError` if the file has gone or has changed
 * meanwhile, or if the store fails for good; the signal's reason once that is aborted. What was fetched by then stays at
 * `path`.
 */
export async function download(
  store: ReadableStore,
  file: FileInfo,
  path: string,
  signal?: AbortSignal,
): Promise<number> {
  let bytes = 0
  const part = await open(path, 'w')
  try {
    for (let failures = 0; ;) {
      const before = bytes
      try {
        for await (const chunk of chunksOf(store, file, bytes, signal)) {
          await part.write(chunk, 0, chunk.byteLength, bytes)
          bytes += chunk.byteLength
        }
        if (file.size === undefined || bytes >= file.size) break
        throw new Error(`it ended after ${bytes} of ${file.size} bytes`)
      } catch (error) {
        signal?.throwIfAborted()
        failures = bytes > before ? 0 : failures + 1
        if (!mayGoOn(error) || failures >= fruitless) throw said(error, store, file)
        // Without an etag, what comes next may be of another file: it begins again.
        if (file.etag === undefined) {
          bytes = 0
          await part.truncate()
        }
      }
    }
    await part.chmod(0o444)
    return bytes
  } finally {
    await part.close()
  }
}

/** What a store gives of a file from a byte on; it fails when nothing comes for long. */
async function* chunksOf(
  store: ReadableStore,
  file: FileInfo,
  start: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const silence = new AbortController()
  const hush = () => silence.abort(new DOMException('nothing came for a minute', 'TimeoutError'))
  const timer = setTimeout(hush, silenceMs)
  try {
    const stream = await store.read(file.path, {
      signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
      ...(start === 0 ? {} : { range: { start } }),
      ...(file.etag === undefined ? {} : { ifMatch: file.etag }),
    })
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      timer.refresh()
      yield chunk
    }
  } finally {
    clearTimeout(timer)
  }
}

/** Only what happens on the way: the store has tried again already before it says that it fails, and a disk stays full. */
const mayGoOn = (error: unknown) =>
  !(error instanceof UserError || error instanceof FileChanged || error instanceof FileMissing) &&
  (error as NodeJS.ErrnoException).code !== 'ENOSPC'

function said(error: unknown, store: ReadableStore, file: FileInfo): unknown {
  const at = `${file.path === '' ? '' : `'${file.path}' in `}${store.name}`
  if (error instanceof FileMissing) return errors.notFound(`Nothing is at ${at} any more.`, { cause: error })
  if (error instanceof FileChanged)
    return errors.conflict(`${at} changed while it was read; try again.`, { cause: error })
  if (!mayGoOn(error)) return error
  return errors.unavailable(`${at} could not be read: the connection broke off again and again.`, {
    cause: error,
  })
}
