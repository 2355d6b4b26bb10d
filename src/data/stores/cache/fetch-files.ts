import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createPlacer } from '../../../artifacts/checkout.ts'
import type { CheckoutOptions } from '../../../artifacts/artifacts.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { filesBelow } from '../file-store.ts'
import type { FileInfo, FileStore, ReadableStore } from '../file-store.ts'
import { fileNameOf } from '../web/https-file.ts'
import { createFileCache } from './file-cache.ts'
import type { FileCache } from './file-cache.ts'

type Options = CheckoutOptions & { readonly signal?: AbortSignal }

/** Files that are fetched at the same time. */
const atOnce = 8

const caches = new WeakMap<Platform, FileCache>()

/** The one cache of this server, in its home. */
export function cacheOf(platform: Platform): FileCache {
  const known = caches.get(platform)
  if (known !== undefined) return known
  const { home, cacheBytes: limit } = platform.config
  const cache = createFileCache({ folder: join(home, 'cache'), limit, clock: platform.clock })
  caches.set(platform, cache)
  return cache
}

/**
 * Lays a file of a store out as `folder/{its last segment}`, or all files below `path/` with their paths below that,
 * through the cache. Answers 0 files where there is nothing of that name. Throws `UnsafeName` for a name that would leave
 * the folder.
 */
export async function fetchFiles(
  cache: FileCache,
  store: FileStore,
  path: string,
  folder: string,
  options: Options = {},
): Promise<{ readonly path: string; readonly files: number; readonly bytes: number }> {
  const { signal } = options
  const place = await createPlacer(folder)
  const file = path === '' ? undefined : await store.head(path, signal)
  if (file !== undefined) {
    const target = await place(basename(path), (to) => cache.place(store, file, to, options))
    return { path: target, files: 1, bytes: file.size ?? 0 }
  }
  const prefix = path === '' ? '' : `${path}/`
  const found = filesBelow(store, prefix, signal)
  let [files, bytes] = [0, 0]
  const stop = new AbortController()
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const put = async (info: FileInfo) => {
    await place(
      info.path.slice(prefix.length),
      (to) => cache.place(store, info, to, { ...options, signal: both }),
      info.path,
    )
    files += 1
    bytes += info.size ?? 0
  }
  const work = async () => {
    for (let next = await found.next(); next.done !== true; next = await found.next()) await put(next.value)
  }
  const workers = Array.from({ length: atOnce }, work)
  try {
    await Promise.all(workers)
    return { path: folder, files, bytes }
  } catch (error) {
    stop.abort(error)
    await Promise.allSettled(workers)
    throw error
  }
}

/** Lays what is at a URL out below `folder`, by the last segment of its path. Undefined if nothing is there. */
export async function fetchUrl(
  cache: FileCache,
  store: ReadableStore,
  url: string,
  folder: string,
  options: Options = {},
): Promise<{ readonly path: string; readonly files: number; readonly bytes: number } | undefined> {
  const file = await store.head('', options.signal)
  if (file === undefined) return undefined
  const place = await createPlacer(folder)
  const path = await place(fileNameOf(url), (to) => cache.place(store, file, to, options))
  return { path, files: 1, bytes: (await stat(path)).size }
}
