import { copyVersion } from '../../registry/shared/copy.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { childId, parseArmId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { ReleasedModel } from '../gates/gate.ts'

/** The same version in a workspace: itself, or a copy under the same name and version, made if it is not there yet. */
export async function modelIn(
  platform: Platform,
  actor: Actor,
  id: string,
  workspace: Resource,
): Promise<ReleasedModel> {
  const source = await platform.resources.get(id)
  const { names } = parseArmId(source.id)
  const [name = '', version = ''] = names.slice(-2)
  const isHere = scopeId(source.id)?.toLowerCase() === workspace.key
  const resource = isHere ? source : await copyVersion({ platform, actor, workspace }, source)
  return { id: resource.id, name, version, resource }
}

/** The same, where it has been copied before. Throws notFound if it has gone since. */
export async function modelAt(platform: Platform, id: string, workspace: Resource): Promise<ReleasedModel> {
  const [name = '', version = ''] = parseArmId(id).names.slice(-2)
  const resource = await platform.resources.get(childId(workspace.id, 'models', name, 'versions', version))
  return { id: resource.id, name, version, resource }
}
