import { aliasesOf } from '../../registry/aliases.ts'
import { parseReference } from '../../data/locations.ts'
import { findVersion } from '../../data/resolve.ts'
import { UserError } from '../../kernel/errors.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { ReleasePlan } from '../plan/plan.ts'
import { workspaceNamed } from '../plan/workspaces.ts'
import type { ChampionThen } from './release.ts'

/** The alias under which the reigning version of a model is known, and the one of who would succeed it. */
export const championAlias = 'champion'
export const challengerAlias = 'challenger'

/** The version that reigns: the alias `champion`, else what the last delivery's endpoint serves most. */
export async function findChampion(
  platform: Platform,
  workspace: string,
  plan: ReleasePlan,
): Promise<ChampionThen | undefined> {
  const model = await platform.resources.find(childId(workspace, 'models', plan.model))
  const named = model === undefined ? undefined : aliasesOf(model)[championAlias]
  const byAlias =
    named === undefined || model === undefined
      ? undefined
      : await platform.resources.find(childId(model.id, 'versions', named))
  if (byAlias !== undefined) return championOf(byAlias, plan.model, `alias ${championAlias}`)
  const delivering = plan.stages.findLast(({ deliver }) => deliver?.online !== undefined)
  if (delivering?.deliver?.online === undefined) return undefined
  const where = await workspaceNamed(platform, workspace, delivering.workspace)
  const served = await mostServed(platform, where, delivering.deliver.online)
  const [, , name] = (served?.id ?? '').split('/').toReversed()
  return served === undefined || name?.toLowerCase() !== plan.model.toLowerCase()
    ? undefined
    : championOf(served, plan.model, `most traffic of ${delivering.deliver.online}`)
}

const championOf = (version: Resource, name: string, by: string): ChampionThen => ({
  id: version.id,
  name,
  version: version.name,
  by,
})

/** The model version behind the deployment of an endpoint with the most traffic. */
async function mostServed(
  platform: Platform,
  workspace: Resource,
  name: string,
): Promise<Resource | undefined> {
  const endpoint = await platform.resources.find(childId(workspace.id, 'onlineEndpoints', name))
  const traffic = Object.entries((endpoint?.properties['traffic'] ?? {}) as Readonly<Record<string, number>>)
  const [most] = traffic.toSorted(([, a], [, b]) => b - a)
  if (endpoint === undefined || most === undefined || most[1] === 0) return undefined
  const deployment = await platform.resources.find(childId(endpoint.id, 'deployments', most[0]))
  const reference = deployment?.properties['model']
  if (typeof reference !== 'string') return undefined
  try {
    const parsed = parseReference(reference)
    return parsed.kind === 'asset' ? await findVersion(platform, workspace, parsed, 'models') : undefined
  } catch (error) {
    // It was deleted since, or is a path and no version.
    if (error instanceof UserError) return undefined
    throw error
  }
}
