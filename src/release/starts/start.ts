import { versionOfAlias } from '../../registry/aliases.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import { errors, UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { planIn } from '../plan/stored.ts'
import type { ReleasePlan } from '../plan/plan.ts'
import { asRelease, type Release } from '../releases/release.ts'
import { numberOf } from '../releases/state.ts'
import { latestOf, openReleases, releasesOf } from '../releases/steps/others.ts'

export interface Wanted {
  /** A version, `@alias` or `latest`. Default: the newest with the plan's tags. */
  readonly version?: string | undefined
  readonly reason?: string | undefined
  /** What starts it, in words that are the same for the same event: for each there is one release at most. */
  readonly trigger?: string | undefined
}

/**
 * Starts a release of a plan, as the actor. Asked again for the same event, or for a version whose release has not
 * ended, it answers with the release that there is. Throws notFound for a version that there is not.
 */
export async function startRelease(
  platform: Platform,
  actor: Actor,
  planId: string,
  wanted: Wanted,
): Promise<{ readonly release: Release; readonly created: boolean }> {
  const resource = await platform.resources.get(planId)
  const version = await versionOf(platform, resource, planIn(resource.properties), wanted.version)
  for (;;) {
    const latest = await latestOf(platform, resource.id)
    const known = await knownFor(platform, resource.id, version, wanted.trigger)
    if (known !== undefined) return { release: known, created: false }
    // Another start takes the same number: then this one looks again, and finds it.
    const number = (latest === undefined ? 0 : numberOf(latest)) + 1
    const properties = {
      version,
      ...(wanted.reason === undefined ? {} : { why: wanted.reason }),
      ...(wanted.trigger === undefined ? {} : { trigger: wanted.trigger }),
    }
    try {
      const id = childId(resource.id, 'releases', String(number))
      const written = await platform.resources.put(actor, id, { properties }, { ifNoneMatch: '*' })
      return { release: asRelease(written.resource), created: true }
    } catch (error) {
      if (!(error instanceof UserError) || error.kind.status !== 412) throw error
    }
  }
}

/** What was started for the same event, or goes on for the same version. */
async function knownFor(
  platform: Platform,
  planId: string,
  version: string,
  trigger: string | undefined,
): Promise<Release | undefined> {
  const same =
    trigger === undefined ? [] : await releasesOf(platform, planId, { 'properties.trigger': trigger })
  return (
    same[0] ?? (await openReleases(platform, planId)).find(({ properties }) => properties.version === version)
  )
}

async function versionOf(
  platform: Platform,
  resource: Resource,
  plan: ReleasePlan,
  wanted: string | undefined,
): Promise<string> {
  const model = await platform.resources.get(childId(scopeId(resource.id) ?? '', 'models', plan.model))
  if (wanted?.startsWith('@') === true && wanted !== '@latest') return versionOfAlias(model, wanted.slice(1))
  if (wanted !== undefined && !/^@?latest$/i.test(wanted)) return wanted
  const [newest] = await platform.resources.list({
    type: 'workspaces/models/versions',
    parent: model.id,
    ...(wanted === undefined ? { tags: plan.start.tags } : {}),
    top: 1,
  })
  if (newest !== undefined) return newest.name
  const tags = Object.entries(plan.start.tags).map(([name, value]) => `${name}=${value}`)
  throw errors.notFound(
    `Model '${plan.model}' has no version${tags.length === 0 || wanted !== undefined ? '' : ` with ${tags.join(', ')}`} to release yet.`,
  )
}
