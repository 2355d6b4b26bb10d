import type { Platform } from '../kernel/platform.ts'
import type { Resource } from '../kernel/resources/resource.ts'

/** The two containers of a workspace: what people upload and jobs put out, and what runs leave. A registry has the first. */
export type OwnContainer = 'blobstore' | 'artifacts'

/** The datastores that a workspace has from the start, by the container that each shows. */
export const ownDatastores: Readonly<Record<string, OwnContainer>> = Object.assign(
  // Without a prototype, so that a datastore may be called `constructor`.
  Object.create(null) as object,
  { workspaceblobstore: 'blobstore', workspaceartifactstore: 'artifacts' } as const,
)

const ownContainer = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(?:blobstore|artifacts|store-(\w+))$/

/** True if the name is that of a container which some workspace or registry of ours has or had. */
export const isOwnContainer = (container: string): boolean => ownContainer.test(container)

/** The GUID of a workspace or registry. */
const guidOf = ({ status }: Resource) => String(status['workspaceId'] ?? status['registryId'])

/**
 * `{workspaceId}-blobstore`, or `{registryId}-blobstore`: its own GUID keeps a later workspace of the same name apart
 * from it.
 */
export const containerOf = (workspace: Resource, which: OwnContainer): string =>
  `${guidOf(workspace)}-${which}`

/** The container of our Blob face that stands for a datastore whose files are elsewhere. */
export const containerOfDatastore = (workspace: Resource, datastore: string): string =>
  `${guidOf(workspace)}-store-${datastore.toLowerCase()}`

/** The name, in lower case, of the datastore that a container stands for; undefined for those with bytes of ours. */
export const datastoreOfContainer = (container: string): string | undefined =>
  ownContainer.exec(container)?.[2]

/** The workspace or registry that a container belongs to; undefined if there is none. */
export async function ownerOfContainer(platform: Platform, container: string): Promise<Resource | undefined> {
  const guid = ownContainer.exec(container)?.[1]
  if (guid === undefined) return undefined
  for (const [type, id] of [
    ['workspaces', 'status.workspaceId'],
    ['registries', 'status.registryId'],
  ] as const) {
    const [owner] = await platform.resources.list({ type, view: 'all', where: { [id]: guid }, top: 1 })
    if (owner !== undefined) return owner
  }
  return undefined
}
