import type { Platform } from '../../../kernel/platform.ts'
import { asRelease, type Release } from '../release.ts'
import { hasBegunToDeliver, hasEnded, numberOf, planIdOf } from '../state.ts'

/** Releases of the same plan, newest first. */
export async function releasesOf(platform: Platform, planId: string): Promise<readonly Release[]> {
  const found = await platform.resources.list({ type: 'releasePlans/releases', parent: planId, top: 100_000 })
  return found.map(asRelease).toSorted((a, b) => numberOf(b) - numberOf(a))
}

const othersOf = async (platform: Platform, release: Release): Promise<readonly Release[]> =>
  (await releasesOf(platform, planIdOf(release))).filter(({ key }) => key !== release.key)

/** A newer release, by which this one is superseded unless it has begun to deliver. */
export async function supersededBy(platform: Platform, release: Release): Promise<Release | undefined> {
  if (!release.status.plan.supersede || hasBegunToDeliver(release.status)) return undefined
  const newer = (await othersOf(platform, release)).filter((other) => numberOf(other) > numberOf(release))
  return newer.find(({ status }) => status.state !== 'cancelled' && status.state !== 'superseded')
}

/** Older releases that have not ended, which have to learn that there is a newer one. */
export async function olderOnes(platform: Platform, release: Release): Promise<readonly Release[]> {
  return (await othersOf(platform, release)).filter(
    (other) => numberOf(other) < numberOf(release) && !hasEnded(other.status),
  )
}

/** Another release of the plan whose delivery is under way: two at once would fight over the traffic. */
export async function whoDelivers(platform: Platform, release: Release): Promise<Release | undefined> {
  return (await othersOf(platform, release)).find(
    ({ status }) => !hasEnded(status) && hasBegunToDeliver(status),
  )
}

/** Those that may have waited for this one to end. */
export async function waitingOnes(platform: Platform, release: Release): Promise<readonly Release[]> {
  return (await othersOf(platform, release)).filter(({ status }) => !hasEnded(status))
}
