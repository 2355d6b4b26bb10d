import type { Condition, Field, Ordering } from '../../store/tracking/filter.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { compare, matches, type Values } from '../../tracking/search/matches.ts'
import { factsOf, versionNumber } from './present.ts'

/** Tag by which MLflow keeps prompts in the registry. */
const promptTag = 'mlflow.prompt.is_prompt'

const isPromptTag = ({ field }: Condition) => field.kind === 'tag' && field.key === promptTag

const values: Values<Resource> = (resource, field) => {
  const version = resource.type.endsWith('/versions')
  if (field.kind === 'tag') {
    const value = ((resource.properties['tags'] ?? {}) as Readonly<Record<string, string>>)[field.key]
    return value === undefined ? [] : [value]
  }
  const value = version ? ofVersion(resource, field) : ofModel(resource, field)
  return value === undefined || value === '' ? [] : [value]
}

function ofModel(model: Resource, field: Field) {
  if (field.key === 'name') return model.name
  return timestamp(model, field)
}

function ofVersion(version: Resource, field: Field) {
  if (field.key === 'name') return factsOf(version).modelName
  if (field.key === 'version_number') return versionNumber(version)
  if (field.key === 'run_id') return factsOf(version).runId
  if (field.key === 'source_path') return factsOf(version).source
  return timestamp(version, field)
}

const timestamp = (resource: Resource, field: Field) =>
  (field.key === 'creation_timestamp' ? resource.createdAt : resource.modifiedAt).getTime()

/**
 * Those that satisfy the conditions, in order. Prompts are left out unless the conditions speak of them; "is no
 * prompt" is true also of what lacks the tag.
 */
export function select(
  resources: readonly Resource[],
  conditions: readonly Condition[],
  orderings: readonly Ordering[],
  ties: (a: Resource, b: Resource) => number,
): readonly Resource[] {
  const ofPrompts = conditions.filter(isPromptTag)
  const others = conditions.filter((c) => !isPromptTag(c))
  return resources
    .filter((r) => promptAllowed(r, ofPrompts) && matches(others, r, values))
    .sort((a, b) => compare(orderings, a, b, values) || ties(a, b))
}

function promptAllowed(resource: Resource, conditions: readonly Condition[]): boolean {
  const tags = (resource.properties['tags'] ?? {}) as Readonly<Record<string, string>>
  if (conditions.length === 0) return tags[promptTag] !== 'true'
  return conditions.every((c) =>
    c.comparator === '!=' ? tags[promptTag] !== c.value : matches([c], resource, values),
  )
}
