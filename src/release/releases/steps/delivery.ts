import { tellable } from '../../../kernel/errors.ts'
import { deliveries } from '../../delivery/deliveries.ts'
import type { DeliveryContext, DeliveryProgress } from '../../delivery/delivery.ts'
import { frozenUntil } from '../../plan/freeze.ts'
import { scopeId } from '../../../kernel/resources/arm-id.ts'
import { findChampion } from '../champion.ts'
import { changeRelease, releaseEvent } from '../change.ts'
import { modelAt } from '../model-copies.ts'
import type { DeliveryRecord, ReleaseState } from '../release.ts'
import { stageWorkspace } from '../stage-workspace.ts'
import { hasEnded, labelOf, withStage } from '../state.ts'
import { at, type Step, type Stepped } from './context.ts'
import { endRelease } from './end.ts'
import { whoDelivers } from './others.ts'

/** Whoever ends wakes those who wait; this is for an end that nobody could tell of. */
const aMinute = 60_000

const before: DeliveryRecord = { state: 'pending' }

/** What a delivery works with; `asked` and the record as they are now. */
export async function deliveryContext(step: Step): Promise<DeliveryContext> {
  const { platform, signal, release, plan, record } = step
  const { candidate, champion, owner, asked } = release.status
  const workspace = await stageWorkspace(platform, release, record.name)
  if (plan.deliver === undefined) throw new Error(`Stage ${plan.name} delivers nothing.`)
  return {
    platform,
    signal,
    release: { id: release.id, label: labelOf(release) },
    workspaceId: workspace.id,
    candidate: await modelAt(platform, candidate.id, workspace),
    champion: champion === undefined ? undefined : await modelAt(platform, champion.id, workspace),
    actor: owner,
    plan: plan.deliver,
    record: record.delivery ?? before,
    asked,
  }
}

/** Lets a stage's delivery take a step; it begins when nothing is frozen and no other release of the plan delivers. */
export async function stepDelivery(step: Step): Promise<Stepped> {
  const { platform, release, plan, record } = step
  const begun = record.delivery !== undefined && record.delivery.state !== 'pending'
  if (!begun) {
    const frozen = frozenUntil(plan.deliver?.freeze ?? [], platform.clock())
    if (frozen !== undefined) {
      const why = frozen.window.reason === undefined ? '' : ` (${frozen.window.reason})`
      await wait(step, `Nothing is delivered until ${frozen.until.toISOString()}${why}.`)
      return at(platform, frozen.until.toISOString())
    }
  }
  if (!begun) {
    const other = await whoDelivers(platform, release)
    if (other !== undefined) {
      await wait(step, `Release ${labelOf(other)} is being delivered.`)
      return { again: aMinute }
    }
    if (release.status.asked === 'abort')
      return endRelease(platform, release, {
        state: 'cancelled',
        reason: 'It was aborted before it was delivered.',
      })
    if (await hasAnotherChampion(step)) return
  }
  try {
    const given = await deliveryContext(step)
    const progress = await deliveries.deliver(given)
    await keep(step, given, progress)
    return progress.again === undefined ? undefined : { again: progress.again }
  } catch (error) {
    const told = tellable(error)
    // What may pass is tried again, with back-off; so is a bug: callers are served as they were meanwhile.
    if (told === undefined || step.signal.aborted || told.kind.status >= 500) throw error
    await wait(step, `The delivery does not go on: ${told.message}`)
    return { again: 30_000 }
  }
}

/**
 * True where somebody has made another version the champion since the release began: what the gates compared with does not
 * reign any more. Somebody has to look at that, once.
 */
async function hasAnotherChampion({ platform, release }: Step): Promise<boolean> {
  const { plan, candidate, champion } = release.status
  const now = await findChampion(platform, scopeId(release.id) ?? '', plan)
  if (now?.version === champion?.version || now?.version === candidate.version) return false
  const was = champion === undefined ? 'there was none' : `it was ${champion.name}:${champion.version}`
  const reigns =
    now === undefined ? 'There is no champion any more' : `The champion is ${now.name}:${now.version} by now`
  const trouble = `${reigns}, and ${was} when the gates compared: retry delivers all the same, a new release compares again.`
  await changeRelease(platform, release.key, () => ({
    state: { state: 'blocked', reason: trouble, trouble, champion: now ?? null },
    happened: [{ who: 'Twinloop release', what: trouble }],
  }))
  return true
}

/** Waits, and says so once. */
async function wait({ platform, release }: Step, reason: string): Promise<void> {
  if (release.status.state === 'waiting' && release.status.reason === reason) return
  await changeRelease(platform, release.key, ({ status }) =>
    hasEnded(status)
      ? undefined
      : { state: { state: 'waiting', reason }, happened: [{ who: 'Twinloop release', what: reason }] },
  )
}

/** Writes down how far the delivery is; what somebody asked for is done with, unless it is something else by now. */
async function keep(
  { platform, release, record }: Step,
  given: DeliveryContext,
  progress: DeliveryProgress,
): Promise<void> {
  const { record: next, happened, again } = progress
  const done = ['succeeded', 'failed', 'rolled_back'].includes(next.state)
  const watching = done && again !== undefined
  if (next === given.record && given.asked === undefined && watching === (record.watching ?? false)) return
  await changeRelease(platform, release.key, ({ id, status }) => {
    if (hasEnded(status)) return undefined
    const stage = {
      delivery: next,
      watching,
      ...(next.state === 'succeeded' ? { state: 'succeeded' as const } : {}),
      ...(next.state === 'failed' || next.state === 'rolled_back' ? { state: 'failed' as const } : {}),
    }
    const state: Partial<ReleaseState> = {
      ...withStage(status, record.name, stage),
      state: next.state === 'paused' ? 'waiting' : 'delivering',
      reason: next.verdict ?? next.doing ?? `Stage ${record.name} is being delivered.`,
    }
    const isFirst = record.delivery === undefined
    const told = { id, status: { ...status, ...state } as ReleaseState }
    return {
      state: { ...state, ...(status.asked === given.asked ? { asked: null } : {}) },
      ...(happened === undefined ? {} : { happened: [{ who: 'Twinloop release', what: happened }] }),
      events: [
        ...(isFirst
          ? [releaseEvent(told, 'DeliveryStarted', { endpoint: given.plan.online ?? given.plan.batch })]
          : []),
        ...(done
          ? [releaseEvent(told, 'DeliveryFinished', { outcome: next.state, verdict: next.verdict })]
          : []),
      ],
    }
  })
}
