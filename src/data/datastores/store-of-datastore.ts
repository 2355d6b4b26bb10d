import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { containerOf, ownDatastores } from '../containers.ts'
import { addressOfDatastore } from '../stores/address.ts'
import { artifactStore } from '../stores/local/artifact-store.ts'
import type { FileStore } from '../stores/file-store.ts'
import { localStore } from '../stores/local/local-store.ts'
import { openStore } from '../stores/open-store.ts'

/** The files of a datastore of any kind. Throws badRequest for the kinds that are only remembered. */
export async function storeOfDatastore(platform: Platform, datastore: Resource): Promise<FileStore> {
  const own = ownDatastores[datastore.name.toLowerCase()]
  if (own !== undefined) {
    const workspace = await platform.resources.get(datastore.scope)
    return artifactStore(platform.artifacts, containerOf(workspace, own))
  }
  const { datastoreType, path } = datastore.properties as { datastoreType: string; path?: string }
  if (datastoreType === 'LocalFolder')
    return localStore({
      name: `datastore '${datastore.name}'`,
      folder: path ?? '',
      roots: platform.config.dataRoots,
    })
  const address = addressOfDatastore(datastore)
  if (address !== undefined) return openStore(platform, address)
  throw errors.badRequest(
    `Datastore '${datastore.name}' is of type ${datastoreType}, which this server remembers but cannot reach.`,
  )
}
