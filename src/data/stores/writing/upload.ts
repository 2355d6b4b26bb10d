import { realpath } from 'node:fs/promises'
import { readRegular, walk } from '../../../artifacts/store-folder.ts'
import { filesBelow } from '../file-store.ts'
import type { FileStore } from '../file-store.ts'

/** Files that are uploaded at the same time. */
const atOnce = 4

/**
 * Stores a local file as `path`, or every regular file below a local folder as `{path}/{its path there}`. Each file
 * appears whole or not at all; a folder appears file by file, for no store elsewhere can do more. If one cannot be
 * stored, the others are given up and what was new is removed again, as far as the store can be reached. Links are
 * followed; one that leads outside the folder, or in a circle, is refused with `UnsafeName` before anything is stored.
 */
export async function uploadTo(
  store: FileStore,
  source: string,
  path: string,
  signal?: AbortSignal,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const root = await realpath(source)
  const found = (await Array.fromAsync(walk(root, root, []))).map((file) => ({
    real: file.real,
    path: [path, file.path].filter((part) => part !== '').join('/'),
  }))
  const before = new Set<string>()
  for await (const file of filesBelow(store, path, signal)) before.add(file.path)

  const stop = new AbortController()
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const started: string[] = []
  let bytes = 0
  const queue = found.values()
  const upload = async () => {
    for (const file of queue) {
      started.push(file.path)
      const { size = 0 } = await store.write(file.path, readRegular(file.real), { signal: both })
      bytes += size
    }
  }
  const workers = Array.from({ length: Math.min(atOnce, found.length) }, upload)
  try {
    await Promise.all(workers)
    return { files: found.length, bytes }
  } catch (error) {
    stop.abort(error)
    await Promise.allSettled(workers)
    for (const written of started.filter((file) => !before.has(file)))
      await store.remove(written).catch(() => undefined)
    throw error
  }
}
