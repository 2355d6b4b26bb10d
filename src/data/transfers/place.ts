import { createReadStream } from 'node:fs'
import { relative } from 'node:path'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { resolve, type Location } from '../resolve.ts'
import { artifactStore } from '../stores/local/artifact-store.ts'
import { filesBelow, type FileStore } from '../stores/file-store.ts'
import { localStore } from '../stores/local/local-store.ts'
import { openStore } from '../stores/open-store.ts'

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
  const { store, path } = await storeOf(platform, location)
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

async function storeOf(
  platform: Platform,
  location: Location,
): Promise<{ readonly store: FileStore; readonly path: string }> {
  switch (location.kind) {
    case 'blob':
      return { store: artifactStore(platform.artifacts, location.container), path: location.path }
    case 'local': {
      const { folder } = location
      const store = localStore({ name: `'${folder}'`, folder, roots: platform.config.dataRoots })
      return { store, path: relative(await store.pathOf(''), location.path) }
    }
    case 'store':
      return { store: await openStore(platform, location.store), path: location.path }
    case 'url':
      throw errors.badRequest(
        `Nothing can be written to '${location.url.split('?')[0] ?? ''}': expected a path in a datastore, azureml://datastores/{name}/paths/{path}.`,
      )
  }
}
