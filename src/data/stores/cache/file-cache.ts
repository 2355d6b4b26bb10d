import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { layOutFile } from '../../../artifacts/checkout.ts'
import type { CheckoutOptions } from '../../../artifacts/artifacts.ts'
import type { FileInfo, ReadableStore } from '../file-store.ts'
import { download } from './download.ts'

/** Files of remote stores, kept on this machine by store, path and etag, so that each is fetched once. */
export interface FileCache {
  /**
   * Makes a file, as `head` or `list` has just told of it, a local file at `target` (which must not exist): by link
   * where that is safe, else by copy; read-only. What is fetched at the same time is fetched once. A file without an
   * etag is fetched anew. Throws as `download` does.
   */
  place(
    store: ReadableStore,
    file: FileInfo,
    target: string,
    options?: CheckoutOptions & { readonly signal?: AbortSignal },
  ): Promise<void>
  /** Removes what a killed server left half-fetched. To be called before anything is placed. */
  tidy(): Promise<void>
}

/** When the cache is full, so much of it goes at once, that it is not full again with the next file. */
const keepShare = 0.9

/**
 * A cache in a folder of its own. Nothing in it is ever changed: a file is fetched beside it and comes in by its rename,
 * and is linked before it does, so that it may go at any time, whoever reads it. Its time is when it was last asked for,
 * and the oldest go first. Safe to be killed at any moment.
 */
export function createFileCache(options: {
  readonly folder: string
  /** Bytes that it may keep. */
  readonly limit: number
  readonly clock: () => Date
}): FileCache {
  const { folder, limit, clock } = options
  const files = join(folder, 'files')
  const partial = join(folder, 'partial')
  const running = new Map<string, Promise<void>>()
  let kept: number | undefined
  let evicting = Promise.resolve()

  const show = async (file: string, target: string, by: CheckoutOptions): Promise<boolean> => {
    try {
      await layOutFile(file, target, by)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      // Either it is not kept, or the folder of the target has gone: whoever writes there finds out.
      return false
    }
    await utimes(file, clock(), clock()).catch(() => undefined)
    return true
  }

  const fetchTo = async (
    store: ReadableStore,
    file: FileInfo,
    target: string,
    keep: string | undefined,
    { signal, ...by }: CheckoutOptions & { readonly signal?: AbortSignal },
  ) => {
    const part = join(partial, randomUUID())
    await mkdir(partial, { recursive: true })
    try {
      const bytes = await download(store, file, part, signal)
      if (keep === undefined || bytes > limit) return await rename(part, target)
      await layOutFile(part, target, by)
      await mkdir(dirname(keep), { recursive: true })
      await utimes(part, clock(), clock())
      await rename(part, keep)
      await (evicting = evicting.then(() => evict(bytes)).catch(() => undefined))
    } finally {
      await rm(part, { force: true })
    }
  }

  /** Counts what came in, and removes what was used least lately once that is too much. */
  const evict = async (came: number) => {
    kept = kept === undefined ? undefined : kept + came
    if (kept !== undefined && kept <= limit) return
    const all = await inventory(files)
    kept = all.reduce((sum, { bytes }) => sum + bytes, 0)
    if (kept <= limit) return
    for (const { path, bytes } of all.sort((a, b) => a.used - b.used)) {
      if (kept <= limit * keepShare) return
      await rm(path, { force: true })
      kept -= bytes
    }
  }

  return {
    async place(store, file, target, by = {}) {
      if (file.etag === undefined) return fetchTo(store, file, target, undefined, by)
      const key = createHash('sha256').update([store.identity, file.path, file.etag].join('\0')).digest('hex')
      const keep = join(files, key.slice(0, 2), key)
      for (;;) {
        by.signal?.throwIfAborted()
        if (await show(keep, target, by)) return
        const other = running.get(key)
        // If that one fails or is called off, the next one to come here tries for itself.
        if (other !== undefined) await unlessAborted(other, by.signal)
        else {
          const mine = fetchTo(store, file, target, keep, by)
          running.set(key, mine)
          return mine.finally(() => running.delete(key))
        }
      }
    },

    tidy: () => rm(partial, { recursive: true, force: true }),
  }
}

/** Resolves when the other is over, however it ends; rejects as soon as the signal is aborted. */
async function unlessAborted(other: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  const over = other.catch(() => undefined)
  if (signal === undefined) return over
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason as Error)
  signal.addEventListener('abort', stop, { once: true })
  try {
    await Promise.race([over, promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function inventory(folder: string) {
  const all: { path: string; bytes: number; used: number }[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined) all.push({ path, bytes: found.size, used: found.mtimeMs })
  }
  return all
}
