import type { Db } from '../../store/database.ts'
import type { Secrets } from '../platform.ts'
import type { Json, ResourceDefinition } from './resource.ts'

/** Under which name a secret property of a resource is kept. */
export const secretName = (key: string, path: string): string => `resource:${key}#${path}`

/** Takes the secret properties (dotted paths) out of what will be stored in the open. */
export function openSecrets(
  definition: ResourceDefinition,
  properties: unknown,
): { readonly open: Json; readonly sealed: ReadonlyMap<string, string> } {
  const sealed = new Map<string, string>()
  const open = structuredClone(properties) as Record<string, unknown>
  for (const path of definition.secret ?? []) {
    const names = path.split('.')
    const last = names.pop() ?? ''
    let at: unknown = open
    for (const name of names) at = (at as Record<string, unknown> | undefined)?.[name]
    if (typeof at !== 'object' || at === null || !(last in at)) continue
    const value = (at as Record<string, unknown>)[last]
    delete (at as Record<string, unknown>)[last]
    if (typeof value === 'string') sealed.set(path, value)
  }
  return { open, sealed }
}

export async function sealSecrets(
  secrets: Secrets,
  key: string,
  sealed: ReadonlyMap<string, string>,
  tx: Db,
) {
  for (const [path, value] of sealed) await secrets.set(secretName(key, path), value, tx)
}

/** Removes what is kept for the secret properties of a resource that goes. */
export async function forgetSecrets(secrets: Secrets, key: string, definition: ResourceDefinition, tx: Db) {
  for (const path of definition.secret ?? []) await secrets.remove(secretName(key, path), tx)
}
