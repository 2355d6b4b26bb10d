import { tellable } from '../../kernel/errors.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { changeRelease } from './change.ts'
import { asRelease } from './release.ts'
import { releasesReconciler } from './reconcilers.ts'
import { currentStage, hasEnded, labelOf } from './state.ts'
import { afterEnd } from './steps/after-end.ts'
import { stepApproval } from './steps/approval.ts'
import type { Step, Stepped } from './steps/context.ts'
import { stepDelivery } from './steps/delivery.ts'
import { endRelease } from './steps/end.ts'
import { enterStage } from './steps/enter.ts'
import { finish } from './steps/finish.ts'
import { stepGates } from './steps/gates.ts'
import { othersOf, supersededBy } from './steps/others.ts'
import { tidyLeftovers } from './steps/tidy.ts'

/**
 * Brings a release through its stages: each a copy of the version, gates, an approval, a delivery. Every step ends with
 * a write of the release's status, so that a server that is killed anywhere leaves a release that the next one goes on with.
 */
export const releaseReconciler: Reconciler = {
  name: releasesReconciler,
  types: ['releasePlans/releases'],
  async reconcile(resource, { platform, signal }) {
    const release = asRelease(resource)
    const { status } = release
    const untidy = await tidyLeftovers(platform, release, signal)
    if (hasEnded(status)) return sooner(untidy, await afterEnd(platform, release, signal))
    if (status.cancelling !== undefined) {
      const { by, reason } = status.cancelling
      return endRelease(platform, release, { state: 'cancelled', reason, who: by })
    }
    const newer = await supersededBy(platform, release)
    if (newer !== undefined)
      return endRelease(platform, release, {
        state: 'superseded',
        reason: `Release ${labelOf(newer)} of ${newer.status.candidate.name}:${newer.status.candidate.version} took its place.`,
      })
    if (status.trouble !== undefined) return untidy
    const stage = currentStage(status)
    try {
      if (stage === undefined) return await finish(platform, release)
      const step: Step = { platform, signal, release, plan: stage.plan, record: stage.record }
      if (status.plan.supersede && stage.record.state === 'pending')
        for (const { key } of await othersOf(platform, release)) platform.wake(releasesReconciler, key)
      return sooner(untidy, await take(step))
    } catch (error) {
      const told = tellable(error)
      if (told === undefined || signal.aborted || told.kind.status >= 500) throw error
      await changeRelease(platform, release.key, () => ({
        state: { state: 'blocked', reason: told.message, trouble: told.message },
        happened: [{ who: 'Twinloop release', what: `cannot go on: ${told.message}` }],
      }))
    }
  },
}

async function take(step: Step): Promise<Stepped> {
  switch (step.record.state) {
    case 'pending':
      return enterStage(step)
    case 'gates':
      return stepGates(step)
    case 'approval':
      return stepApproval(step)
    case 'delivery':
      return stepDelivery(step)
    case 'failed':
      return endRelease(step.platform, step.release, {
        state: 'failed',
        reason: step.record.delivery?.verdict ?? `The delivery of stage ${step.record.name} failed.`,
      })
    case 'succeeded':
  }
}

const sooner = (a: Stepped, b: Stepped): Stepped =>
  a === undefined || b === undefined ? (a ?? b) : { again: Math.min(a.again, b.again) }
