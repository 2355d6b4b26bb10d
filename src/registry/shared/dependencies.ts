import { parseReference } from '../../data/locations.ts'
import { findVersion } from '../../data/resolve.ts'
import { parseArmId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { sharedTypes, type SharedType } from './content.ts'
import { publishDependency, type Publishing } from './publish.ts'

/** The fields of a component's specification that refer to other assets. */
const referring: Readonly<Record<string, SharedType>> = {
  code: 'codes',
  codeId: 'codes',
  environment: 'environments',
  environmentId: 'environments',
  component: 'components',
  componentId: 'components',
}

/**
 * The properties with every code, environment and component that they refer to published first and referred to in the
 * registry; and a component called what it will be called there.
 */
export async function withDependencies(
  publishing: Publishing,
  source: Resource,
  type: SharedType,
  properties: Json,
  name: string,
): Promise<Json> {
  const { provisioningState: _, ...own } = properties
  if (type !== 'components') return own
  const spec = (await rewritten(publishing, scopeId(source.id) ?? '', own['componentSpec'])) as Json
  return { ...own, componentSpec: 'name' in spec ? { ...spec, name } : spec }
}

async function rewritten(publishing: Publishing, workspace: string, value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return value
  if (typeof value !== 'object' || value === null) return value
  const entries: [string, unknown][] = []
  for (const [key, inner] of Object.entries(value)) {
    const type = referring[key]
    entries.push([
      key,
      type !== undefined && typeof inner === 'string'
        ? await dependencyOf(publishing, workspace, type, inner)
        : // Inputs and outputs are values of the user's, whatever they are called.
          key === 'inputs' || key === 'outputs'
          ? inner
          : await rewritten(publishing, workspace, inner),
    ])
  }
  return Object.fromEntries(entries)
}

/**
 * The id of what a reference means once it is in the registry, where it is published unless it is. What is shared
 * already, or is here for everybody, is referred to as it was.
 */
export async function dependencyOf(
  publishing: Publishing,
  workspace: string,
  type: SharedType,
  reference: string,
): Promise<string> {
  if (/\bregistries\//i.test(reference) || /^azureml:AzureML-/i.test(reference)) return reference
  const { platform, actor } = publishing
  const parsed = parseReference(reference)
  if (parsed.kind !== 'asset') return reference
  const source = await findVersion(platform, await platform.resources.get(workspace), parsed, type)
  const kind = sharedTypes.find((shared) => source.type === `workspaces/${shared}/versions`) ?? type
  await platform.access.require(actor, `Microsoft.MachineLearningServices/${source.type}/read`, source.id)
  const [, name = '', version = ''] = parseArmId(source.id).names
  return (await publishDependency(publishing, source, { type: kind, name, version })).id
}
