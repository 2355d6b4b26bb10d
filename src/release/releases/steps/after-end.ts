import type { Platform } from '../../../kernel/platform.ts'
import { deliveries } from '../../delivery/deliveries.ts'
import { changeRelease, releaseEvent } from '../change.ts'
import type { Release } from '../release.ts'
import { releasesReconciler } from '../reconcilers.ts'
import { withStage } from '../state.ts'
import { at, type Stepped } from './context.ts'
import { deliveryContext } from './delivery.ts'
import { othersOf } from './others.ts'

/** Who waited for a release to end is told then, and not at every look at what it delivered. */
const justNowMs = 10_000

/** What is left to do when a release is over: deliveries that look after what they made, and waivers that end. */
export async function afterEnd(platform: Platform, release: Release, signal: AbortSignal): Promise<Stepped> {
  if (platform.clock().getTime() - Date.parse(release.status.endedAt ?? '') < justNowMs)
    for (const { key } of await othersOf(platform, release)) platform.wake(releasesReconciler, key)
  const watched = await watch(platform, release, signal)
  const waivers = release.status.state === 'succeeded' ? await endWaivers(platform, release) : undefined
  if (watched === undefined || waivers === undefined) return watched ?? waivers
  return { again: Math.min(watched.again, waivers.again) }
}

async function watch(platform: Platform, release: Release, signal: AbortSignal): Promise<Stepped> {
  const record = release.status.stages.find(({ watching }) => watching === true)
  const plan = release.status.plan.stages.find(({ name }) => name === record?.name)
  if (record === undefined || plan === undefined) return
  const given = await deliveryContext({ platform, signal, release, plan, record })
  const { record: next, again, happened } = await deliveries.deliver(given)
  const isOver = again === undefined
  if (next !== given.record || isOver)
    await changeRelease(platform, release.key, ({ id, status }) => {
      const fell = next.state === 'rolled_back' && status.state === 'succeeded'
      const reason = next.verdict ?? 'The champion before it has all traffic again.'
      const state = fell ? { state: 'rolled_back' as const, reason } : {}
      return {
        state: { ...withStage(status, record.name, { delivery: next, watching: !isOver }), ...state },
        ...(happened === undefined ? {} : { happened: [{ who: 'Twinloop release', what: happened }] }),
        ...(fell
          ? { events: [releaseEvent({ id, status: { ...status, ...state } }, 'RolledBack', { reason })] }
          : {}),
      }
    })
  return isOver ? undefined : { again }
}

/** What reigns by a waiver is told of when that ends: whoever gave it said until when. */
async function endWaivers(platform: Platform, release: Release): Promise<Stepped> {
  const waived = release.status.stages.flatMap(({ name, gates }) =>
    gates.flatMap((gate) =>
      gate.waiver === undefined ? [] : [{ stage: name, gate: gate.name, waiver: gate.waiver }],
    ),
  )
  const now = platform.clock().getTime()
  const told = new Set(release.status.expiredWaivers ?? [])
  const ended = waived.filter(
    ({ stage, gate, waiver }) => Date.parse(waiver.expiresAt) <= now && !told.has(`${stage}/${gate}`),
  )
  if (ended.length > 0)
    await changeRelease(platform, release.key, ({ id, status }) => ({
      state: { expiredWaivers: [...told, ...ended.map(({ stage, gate }) => `${stage}/${gate}`)] },
      happened: ended.map(({ stage, gate }) => ({
        who: 'Twinloop release',
        what: `the waiver of ${gate} in stage ${stage} has expired`,
      })),
      events: ended.map(({ stage, gate, waiver }) =>
        releaseEvent({ id, status }, 'WaiverExpired', {
          stage,
          gate,
          by: waiver.by.name,
          reason: waiver.reason,
        }),
      ),
    }))
  const next = waived
    .map(({ waiver }) => waiver.expiresAt)
    .filter((end) => Date.parse(end) > now)
    .toSorted()[0]
  return next === undefined ? undefined : at(platform, next)
}
