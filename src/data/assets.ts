import type { Json, Resource } from '../kernel/resources/resource.ts'

/** What Azure shows of every asset even where the client said nothing: its clients go over the maps without looking. */
export const assetDefaults = ({ properties }: Resource): Json => ({
  tags: properties['tags'] ?? {},
  properties: properties['properties'] ?? {},
  isArchived: properties['isArchived'] ?? false,
})

/** The same for versions, which may be anonymous. */
export const versionDefaults = (resource: Resource): Json => ({
  ...assetDefaults(resource),
  isAnonymous: resource.properties['isAnonymous'] ?? false,
})
