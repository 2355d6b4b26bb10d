import { fullType } from '../resources/catalogue.ts'
import type { Resources } from '../resources/resource.ts'
import type { Access } from '../platform.ts'
import type { Actor } from './access.ts'

/** How a document refers to an asset of a registry: by the registry's name, or by the asset's id. */
const shared =
  /^(?:azureml:\/\/registries\/|(?:azureml:)?\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.machinelearningservices\/registries\/)([^/]+)\/./i

/** Names, in lower case, of the registries whose assets a document refers to, wherever in it they stand. */
export function registriesIn(document: unknown): ReadonlySet<string> {
  const found = new Set<string>()
  const look = (value: unknown): void => {
    if (typeof value === 'string') {
      const name = shared.exec(value)?.[1]
      if (name !== undefined) found.add(name.toLowerCase())
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look)
  }
  look(document)
  return found
}

/**
 * Whoever uses an asset of a registry in what he writes must be allowed to read that registry: from then on the platform
 * reads it for him. What stood there `before`, somebody was allowed. Throws forbidden. A registry that does not exist
 * is the business of who follows the reference.
 */
export async function requireSharedReads(
  { access, resources }: { readonly access: Access; readonly resources: Resources },
  actor: Actor,
  document: unknown,
  before?: unknown,
): Promise<void> {
  const names = registriesIn(document).difference(registriesIn(before))
  if (names.size === 0) return
  const operation = `${fullType({ type: 'registries/assets' })}/read`
  for (const registry of await resources.list({ type: 'registries', view: 'all' }))
    if (names.has(registry.name.toLowerCase())) await access.require(actor, operation, registry.id)
}
