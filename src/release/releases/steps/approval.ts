import { judgeApproval, openApproval, type ApprovalAt } from '../../approval/approval.ts'
import { stableJson } from '../../../kernel/resources/row.ts'
import { changeRelease } from '../change.ts'
import { modelAt } from '../model-copies.ts'
import { stageWorkspace } from '../stage-workspace.ts'
import { hasEnded, withStage } from '../state.ts'
import type { Step, Stepped } from './context.ts'
import { endRelease } from './end.ts'

/** Asks for the approval of a stage, and waits until it is decided. */
export async function stepApproval(step: Step): Promise<Stepped> {
  const { platform, release, plan, record } = step
  const at = await approvalAt(step)
  const before = record.approval
  const found =
    before === undefined ? await openApproval(platform, at) : await judgeApproval(platform, at, before)
  const { state } = found.record
  if (state === 'refused' || state === 'expired') {
    // Somebody has decided meanwhile: the release is looked at again, as it is now.
    if (!(await keep(step, found, {}))) return
    const last = found.record.decisions.findLast(({ verdict }) => verdict === 'refuse')
    return endRelease(platform, release, {
      state,
      reason:
        state === 'expired'
          ? `Stage ${record.name} was not approved until ${found.record.expiresAt}.`
          : `${last?.by.name ?? 'Somebody'} refused stage ${record.name}${last?.comment === undefined ? '.' : `: ${last.comment}`}`,
      ...(last === undefined ? {} : { who: last.by.name }),
    })
  }
  if (state === 'approved') {
    const next = plan.deliver === undefined ? 'succeeded' : 'delivery'
    await keep(step, found, { state: next }, `Stage ${record.name} was approved.`)
    return
  }
  await keep(
    step,
    found,
    {},
    `Stage ${record.name} ${found.waitingFor.replace(/^\w/, (first) => first.toLowerCase())}`,
  )
  return found.again === undefined ? undefined : { again: found.again }
}

async function approvalAt({ platform, release, plan }: Step): Promise<ApprovalAt> {
  const workspace = await stageWorkspace(platform, release, plan.name)
  const candidate = await modelAt(platform, release.status.candidate.id, workspace)
  return { release, state: release.status, stage: plan, workspaceId: workspace.id, candidate }
}

/** Writes down how an approval stands, unless somebody decided meanwhile: false, and it is judged again. */
async function keep(
  { platform, release, record }: Step,
  { record: approval, events }: Awaited<ReturnType<typeof openApproval>>,
  change: { readonly state?: 'delivery' | 'succeeded' },
  reason?: string,
): Promise<boolean> {
  const written = await changeRelease(platform, release.key, (now) => {
    if (now.etag !== release.etag || hasEnded(now.status)) return undefined
    const isNews = change.state !== undefined || events.length > 0 || now.status.reason !== reason
    if (!isNews && stableJson(approval) === stableJson(record.approval)) return undefined
    const state = change.state === undefined ? 'waiting' : 'running'
    return {
      state: {
        ...withStage(now.status, record.name, { ...change, approval }),
        ...(reason === undefined ? {} : { state, reason }),
      },
      events,
      ...(record.approval === undefined
        ? { happened: [{ who: 'Twinloop release', what: `asked for approval of stage ${record.name}` }] }
        : {}),
    }
  })
  return written !== undefined
}
