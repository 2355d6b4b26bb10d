import type { Actor } from '../../../kernel/access/access.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { asRelease, type Release } from '../../releases/release.ts'
import { stageWorkspace } from '../../releases/stage-workspace.ts'
import { currentStage, labelOf } from '../../releases/state.ts'
import { situationOf, surroundings } from '../approval.ts'
import { judge, sameId, standing } from '../rule.ts'
import { reviewUrl } from './link.ts'

/** A release that waits for an approval, as somebody sees it. */
export interface Waiting {
  readonly label: string
  readonly model: string
  readonly version: string
  readonly stage: string
  readonly expiresAt: string
  readonly url: string
  /** True if it waits for them: they may approve it, and do not count yet. */
  readonly isYours: boolean
}

/** What waits for approval among the releases that somebody may read, what ends first at the top. */
export async function waitingFor(platform: Platform, actor: Actor): Promise<readonly Waiting[]> {
  const found = await platform.resources.list({
    type: 'releasePlans/releases',
    where: { 'status.state': 'waiting' },
    top: 1000,
  })
  const seen = await Promise.all(
    found.map(async (resource) => {
      const may = await platform.access.can(actor, 'Twinloop/releasePlans/releases/read', resource.id)
      return may ? asWaiting(platform, asRelease(resource), actor.id) : undefined
    }),
  )
  return seen
    .filter((waiting) => waiting !== undefined)
    .toSorted((a, b) => a.expiresAt.localeCompare(b.expiresAt))
}

async function asWaiting(platform: Platform, release: Release, who: string): Promise<Waiting | undefined> {
  const { plan, record } = currentStage(release.status) ?? {}
  const approval = record?.approval
  if (plan?.approval === undefined || approval?.state !== 'open') return undefined
  const workspace = await stageWorkspace(platform, release, plan.name)
  const around = await surroundings(platform, plan.approval, workspace.id)
  const situation = situationOf(around, approval, platform.clock())
  const counts = judge(situation, approval).counted.some(({ by }) => sameId(by.id, who))
  const { name: model, version } = release.status.candidate
  return {
    label: labelOf(release),
    model,
    version,
    stage: plan.name,
    expiresAt: approval.expiresAt,
    url: reviewUrl(platform, release.id),
    isYours: !counts && !('refusal' in standing(situation, who, 'approve')),
  }
}
