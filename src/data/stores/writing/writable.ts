import { relative } from 'node:path'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Location } from '../../resolve.ts'
import type { FileStore } from '../file-store.ts'
import { artifactStore } from '../local/artifact-store.ts'
import { localStore } from '../local/local-store.ts'
import { openStore } from '../open-store.ts'

/** The store that a location lies in, whatever its kind, with the path there. Throws badRequest where nothing can be written. */
export async function writableStore(
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
        `Nothing can be written to '${location.url.split('?')[0] ?? ''}', where no datastore of the workspace is: expected a path in a datastore, azureml://datastores/{name}/paths/{path}.`,
      )
  }
}
