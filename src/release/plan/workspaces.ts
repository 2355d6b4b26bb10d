import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'

/**
 * The workspace of a stage: of the plan's own resource group first, then of any. Throws notFound, naming the nearest.
 *
 * @param own id of the plan's workspace, which a stage that names none is in
 */
export async function workspaceNamed(
  platform: Platform,
  own: string,
  name: string | undefined,
): Promise<Resource> {
  if (name === undefined) return platform.resources.get(own)
  const sibling = await platform.resources.find(`${own.slice(0, own.lastIndexOf('/'))}/${name}`)
  if (sibling !== undefined) return sibling
  const all = await platform.resources.list({ type: 'workspaces', view: 'all' })
  const found = all.find((workspace) => workspace.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  const near = nearest(
    name,
    all.map((workspace) => workspace.name),
  )
  throw errors.notFound(
    `There is no workspace '${name}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
  )
}
