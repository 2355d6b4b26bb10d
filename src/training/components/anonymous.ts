import { createHash } from 'node:crypto'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { stableJson } from '../../kernel/resources/row.ts'

/** The name under which Azure's clients keep components that were given none. */
const container = 'azureml_anonymous'

/** Registers a component without a name, by what is in it: the same content is the same version. Returns its id. */
export async function anonymousComponent(platform: Platform, workspace: string, spec: Json): Promise<string> {
  const version = createHash('sha256').update(stableJson(spec)).digest('hex').slice(0, 32)
  const id = childId(childId(workspace, 'components', container), 'versions', version)
  const properties = { componentSpec: { ...spec, name: container, version }, isAnonymous: true }
  const { resource } = await platform.resources.put(platform.identity('training'), id, { properties })
  return resource.id
}
