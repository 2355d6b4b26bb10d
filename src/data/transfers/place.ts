import { createReadStream } from 'node:fs'
import type { Platform } from '../../kernel/platform.ts'
import { resolve, type Location } from '../resolve.ts'
import { filesBelow } from '../stores/file-store.ts'
import { writableStore } from '../stores/writing/writable.ts'

/** A folder of a datastore into which files are put. */
export interface Place {
  readonly location: Location
  /** Stores a local file under a name: the whole of it or nothing, in place of what was there. */
  put(name: string, file: string, signal?: AbortSignal): Promise<void>
  /** Names of the files there, as paths below it. */
  names(): Promise<readonly string[]>
  remove(name: string): Promise<void>
}

/** The folder that a reference leads to, in the workspace. Throws badRequest where nothing can be written. */
export async function openPlace(platform: Platform, scope: string, uri: string): Promise<Place> {
  const { location } = await resolve(platform, scope, uri)
  const { store, path } = await writableStore(platform, location)
  const prefix = path === '' ? '' : `${path.replace(/\/+$/, '')}/`
  return {
    location,
    async put(name, file, signal) {
      await store.write(prefix + name, createReadStream(file), signal === undefined ? {} : { signal })
    },
    async names() {
      const names: string[] = []
      for await (const found of filesBelow(store, prefix)) names.push(found.path.slice(prefix.length))
      return names
    },
    async remove(name) {
      await store.remove(prefix + name)
    },
  }
}
