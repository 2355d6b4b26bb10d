import type { Db } from '../../store/database.ts'
import { listRows } from '../../store/resource-rows.ts'
import { fullType } from './catalogue.ts'
import type { Platform } from '../platform.ts'
import type { Json, Resource, ResourceDefinition } from './resource.ts'

/** A resource as Azure Resource Manager shows it: what was asked for and what was found, in one `properties`. */
export async function present(
  resource: Resource,
  definition: ResourceDefinition,
  platform: Platform,
): Promise<Json> {
  const computed = {
    ...(definition.container === true ? await versionsOf(platform.store.db, resource) : {}),
    ...(await definition.present?.(resource, platform)),
  }
  return {
    id: resource.id,
    name: resource.name,
    type: fullType(definition),
    etag: resource.etag,
    ...resource.envelope,
    properties: { ...resource.properties, ...resource.status, ...computed },
    systemData: {
      createdAt: resource.createdAt.toISOString(),
      createdBy: resource.createdBy,
      createdByType: resource.createdByType,
      lastModifiedAt: resource.modifiedAt.toISOString(),
      lastModifiedBy: resource.modifiedBy,
      lastModifiedByType: resource.modifiedByType,
    },
  }
}

/** `latestVersion` is the one made last; `nextVersion` one above the highest number among the versions' names. */
async function versionsOf(db: Db, container: Resource): Promise<Json> {
  const rows = await listRows(db, {
    type: `${container.type}/versions`,
    parent: container.key,
    view: 'all',
    where: new Map(),
    orderBy: 'createdAt',
    descending: true,
    skip: 0,
    top: 100_000,
  })
  const numbers = rows
    .map((r) => r.name)
    .filter((name) => /^\d{1,15}$/.test(name))
    .map(Number)
  const latest = rows.find((r) => r.archived === 0) ?? rows[0]
  return {
    ...(latest === undefined ? {} : { latestVersion: latest.name }),
    nextVersion: String(Math.max(0, ...numbers) + 1),
  }
}
