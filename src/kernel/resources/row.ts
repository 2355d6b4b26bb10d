import { randomBytes } from 'node:crypto'
import type { ResourceRow } from '../../store/kernel-tables.ts'
import type { Actor } from '../access/access.ts'
import type { Envelope, Json, Resource } from './resource.ts'

/** A row as the resource that the rooms know. */
export const fromRow = <P, S>(row: ResourceRow): Resource<P, S> => ({
  id: row.id,
  key: row.key,
  type: row.type,
  name: row.name,
  parent: row.parent,
  scope: row.scope,
  envelope: JSON.parse(row.envelope) as Envelope,
  properties: JSON.parse(row.properties) as P,
  status: JSON.parse(row.status) as S,
  etag: row.etag,
  generation: row.generation,
  archived: row.archived === 1,
  deleting: row.deleting === 1,
  createdAt: new Date(row.created_at),
  createdBy: row.created_by,
  createdByType: row.created_by_type as Actor['kind'],
  modifiedAt: new Date(row.modified_at),
  modifiedBy: row.modified_by,
  modifiedByType: row.modified_by_type as Actor['kind'],
})

export const newEtag = (): string => randomBytes(8).toString('hex')

/** JSON with sorted keys: equal values give equal text. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** RFC 7396: objects merge, null deletes, anything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = mergePatch(result[name], value)
  }
  return result
}

/** Merges one level deep; a null deletes the key. */
export function mergeStatus(status: Json, change: Json): Json {
  const merged: Record<string, unknown> = { ...status, ...change }
  for (const [name, value] of Object.entries(change))
    if (value === null || value === undefined) delete merged[name]
  return merged
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
