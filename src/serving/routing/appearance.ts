import { existsSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Resolves when there is a file at `path` (at once if there is one), or when aborted. Its folder must be there. */
export function appearance(path: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const watcher = watch(dirname(path), { signal }, (_, name) => {
    if ((name === null || name === basename(path)) && existsSync(path)) resolve()
  })
  watcher.on('error', () => resolve())
  watcher.on('close', () => resolve())
  if (signal.aborted || existsSync(path)) resolve()
  return promise.finally(() => watcher.close())
}
