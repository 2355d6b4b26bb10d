import { machineLearning, parseArmId, parentId } from './arm-id.ts'
import { errors } from '../errors.ts'
import { nearest } from '../nearest.ts'
import type { ResourceDefinition } from './resource.ts'

/** Azure ML's rule for most names: letters, digits, `-`, `_` and `.`, not first a mark. */
const assetName = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}$/

/** Every kind of resource, found by what an id says. */
export interface Catalogue {
  readonly definitions: readonly ResourceDefinition[]
  /** Throws noSuchRoute, naming the nearest type, if no such kind exists. */
  definitionOf(id: string): ResourceDefinition
  /** By provider and type in any case; undefined if there is no such kind. */
  byType(type: string, provider: string): ResourceDefinition | undefined
  /** By type alone, whatever its provider; undefined for a kind that this server does not know (any more). */
  ofType(type: string): ResourceDefinition | undefined
  /** The id with every keyword and type in its canonical case; names stay as given. */
  canonical(id: string, definition: ResourceDefinition): string
  /** Throws validation if the last name is not allowed for this kind. */
  checkName(name: string, definition: ResourceDefinition): void
}

/** `Microsoft.MachineLearningServices/workspaces/jobs`. */
export const fullType = (definition: Pick<ResourceDefinition, 'provider' | 'type'>): string =>
  `${definition.provider ?? machineLearning}/${definition.type}`

/** `Microsoft.MachineLearningServices/workspaces/jobs/read`: what an actor needs to be allowed. */
export const operationOf = (
  { provider, type, permission = type }: Pick<ResourceDefinition, 'provider' | 'type' | 'permission'>,
  verb: string,
): string => `${fullType({ type: permission, ...(provider === undefined ? {} : { provider }) })}/${verb}`

export function createCatalogue(definitions: readonly ResourceDefinition[]): Catalogue {
  const byFullType = new Map(definitions.map((d) => [fullType(d).toLowerCase(), d]))
  const byTypeAlone = new Map(definitions.map((d) => [d.type, d]))
  if (byFullType.size !== definitions.length) throw new Error('Two definitions have the same type.')

  return {
    definitions,
    byType: (type, provider) => byFullType.get(`${provider}/${type}`.toLowerCase()),
    ofType: (type) => byTypeAlone.get(type),
    definitionOf(id) {
      const { provider, type } = parseArmId(id)
      const found = byFullType.get(`${provider}/${type}`.toLowerCase())
      if (found !== undefined) return found
      const near = nearest(
        type,
        definitions.map((d) => d.type),
      )
      throw errors.noSuchRoute(
        `There is no resource type '${provider}/${type}' here.${near === undefined ? '' : ` The nearest is '${near}'.`}`,
      )
    },
    canonical: (id, definition) => canonicalId(id, definition, byFullType),
    checkName(name, definition) {
      const rule = definition.name ?? assetName
      if (rule.test(name)) return
      throw errors.validation(`'${name}' is not a name for ${definition.type}: expected ${String(rule)}.`, {
        target: 'name',
      })
    },
  }
}

function canonicalId(
  id: string,
  definition: Pick<ResourceDefinition, 'provider' | 'type'>,
  known: ReadonlyMap<string, ResourceDefinition>,
): string {
  const parsed = parseArmId(id)
  const own =
    parsed.provider === 'Microsoft.Resources'
      ? ''
      : `/providers/${definition.provider ?? machineLearning}/${definition.type
          .split('/')
          .map((segment, i) => `${segment}/${parsed.names[i]}`)
          .join('/')}`
  if (parsed.extends !== undefined) {
    const base = parseArmId(parsed.extends)
    const baseDefinition = known.get(`${base.provider}/${base.type}`.toLowerCase())
    return `${canonicalId(parsed.extends, baseDefinition ?? { provider: base.provider, type: base.type }, known)}${own}`
  }
  const subscription = parsed.subscription === undefined ? '' : `/subscriptions/${parsed.subscription}`
  const group = parsed.resourceGroup === undefined ? '' : `/resourceGroups/${parsed.resourceGroup}`
  return `${subscription}${group}${own}`
}

/** Id of the parent, or '' at the top. */
export const parentOf = (id: string): string => parentId(id)
