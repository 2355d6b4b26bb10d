import type { Platform } from '../../../kernel/platform.ts'
import { childId } from '../../../kernel/resources/arm-id.ts'
import { asRelease, type Release } from '../release.ts'
import { stageWorkspace } from '../stage-workspace.ts'
import { isDelivering, numberOf, planIdOf } from '../state.ts'

const type = 'releasePlans/releases'

/** Releases of a plan, newest first; `where` as lists of resources have it. */
export async function releasesOf(
  platform: Platform,
  planId: string,
  where: Readonly<Record<string, string>> = {},
): Promise<readonly Release[]> {
  const found = await platform.resources.list({ type, parent: planId, view: 'all', where, top: 100_000 })
  return found.map(asRelease).toSorted((a, b) => numberOf(b) - numberOf(a))
}

/** The release of a plan that was started last. */
export async function latestOf(platform: Platform, planId: string): Promise<Release | undefined> {
  // More than one may be of the same millisecond.
  const found = await platform.resources.list({ type, parent: planId, view: 'all', top: 20 })
  return found.map(asRelease).toSorted((a, b) => numberOf(b) - numberOf(a))[0]
}

/** Those of a plan that go on. */
export const openReleases = (platform: Platform, planId: string): Promise<readonly Release[]> =>
  releasesOf(platform, planId, { 'status.phase': 'open' })

/** Other releases of the same plan that go on: two deliver one after the other, and an older one makes way. */
export const othersOf = async (platform: Platform, release: Release): Promise<readonly Release[]> =>
  (await openReleases(platform, planIdOf(release))).filter(({ key }) => key !== release.key)

/** A newer release, by which this one is superseded unless it has begun to deliver. */
export async function supersededBy(platform: Platform, release: Release): Promise<Release | undefined> {
  if (!release.status.plan.supersede || isDelivering(release.status)) return undefined
  const latest = await latestOf(platform, planIdOf(release))
  const isNewer = latest !== undefined && numberOf(latest) > numberOf(release)
  return isNewer && latest.status.state !== 'cancelled' ? latest : undefined
}

/**
 * Another release whose delivery is under way, of the same plan or to one of the same endpoints: two at once would fight
 * over the traffic.
 */
export async function whoDelivers(platform: Platform, release: Release): Promise<Release | undefined> {
  const found = await platform.resources.list({
    type,
    view: 'all',
    where: { 'status.phase': 'open' },
    top: 100_000,
  })
  const mine = await endpointsOf(platform, release)
  for (const other of found.map(asRelease)) {
    if (other.key === release.key || !isDelivering(other.status)) continue
    const isSibling = planIdOf(other).toLowerCase() === planIdOf(release).toLowerCase()
    if (isSibling || (await endpointsOf(platform, other)).some((one) => mine.includes(one))) return other
  }
  return undefined
}

/** Ids of the endpoints that the present stage of a release delivers to, in lower case. */
async function endpointsOf(platform: Platform, release: Release): Promise<readonly string[]> {
  const { plan, stage } = release.status
  const deliver = plan.stages.find(({ name }) => name === stage)?.deliver
  if (deliver === undefined) return []
  const { id } = await stageWorkspace(platform, release, stage)
  return [
    ...(deliver.online === undefined ? [] : [childId(id, 'onlineEndpoints', deliver.online)]),
    ...(deliver.batch === undefined ? [] : [childId(id, 'batchEndpoints', deliver.batch)]),
  ].map((one) => one.toLowerCase())
}
