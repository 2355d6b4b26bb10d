import { aliasesOf } from '../../../registry/aliases.ts'
import { UserError } from '../../../kernel/errors.ts'
import { childId, scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { abandonWorks } from '../../../kernel/work/background.ts'
import { challengerAlias } from '../champion.ts'
import { changeRelease, releaseEvent } from '../change.ts'
import type { Release, ReleaseStateName, StageRecord } from '../release.ts'
import { hasEnded, labelOf } from '../state.ts'
import { leftBy } from './tidy.ts'

/** How a release ends, and what is told of it. */
export interface Ending {
  readonly state: ReleaseStateName
  readonly reason: string
  readonly who?: string
  readonly data?: Json
}

/** Ends a release: what it still runs is stopped first, so that a server killed here does it again. */
export async function endRelease(platform: Platform, release: Release, ending: Ending): Promise<void> {
  await stopGates(platform, release)
  await dropChallenger(platform, release)
  const { state, reason, who = 'Twinloop release', data = {} } = ending
  await changeRelease(platform, release.key, (now) => {
    if (hasEnded(now.status)) return undefined
    const next = { ...now.status, state, reason, endedAt: platform.clock().toISOString() }
    const left = now.status.stages.flatMap(({ name, gates }) =>
      leftBy(
        name,
        gates.filter((gate) => gate.state === 'running'),
      ),
    )
    return {
      state: {
        ...stopped(now.status.stages, next.endedAt),
        ...(left.length === 0 ? {} : { leftovers: [...(now.status.leftovers ?? []), ...left] }),
        phase: 'ended',
        state,
        reason,
        endedAt: next.endedAt,
        cancelling: null,
        asked: null,
        trouble: null,
      },
      happened: [{ who, what: `${state.replace('_', ' ')}: ${reason}` }],
      events: [releaseEvent({ id: now.id, status: next }, 'Completed', { outcome: state, reason, ...data })],
    }
  })
}

/** Gates that ran when a release ended found nothing. */
const stopped = (stages: readonly StageRecord[], endedAt: string) => ({
  stages: stages.map((stage) => ({
    ...stage,
    gates: stage.gates.map(({ doing: _, ...gate }) =>
      gate.state === 'running'
        ? { ...gate, state: 'error' as const, error: 'The release ended while it ran.', endedAt }
        : gate,
    ),
  })),
})

/** Cancels the jobs of attempts that are under way, and what they do in the background. */
async function stopGates(platform: Platform, { id, status }: Release): Promise<void> {
  abandonWorks(platform, id)
  const running = status.stages.flatMap(({ gates }) => gates).filter(({ state }) => state === 'running')
  for (const job of running.flatMap(({ jobs }) => Object.values(jobs ?? {})))
    try {
      await platform.resources.act(status.owner, job, 'cancel', {})
    } catch (error) {
      // It was never made, has gone, or its maker may not any more: the release ends all the same.
      if (!(error instanceof UserError)) throw error
      platform.log.warn('the job of a gate could not be cancelled', { release: labelOf({ id }), job, error })
    }
}

/** The candidate is no challenger any more, unless another release made it one. */
async function dropChallenger(platform: Platform, { id, status }: Release): Promise<void> {
  const model = await platform.resources.find(childId(scopeId(id) ?? '', 'models', status.candidate.name))
  if (model === undefined || aliasesOf(model)[challengerAlias] !== status.candidate.version) return
  const { version } = status.candidate
  await asOwner(platform, status.owner, model.id, 'deleteAlias', { alias: challengerAlias, version })
}

/** Does what would be good but is not needed: if the owner may not any more, the log says so. */
export async function asOwner(
  platform: Platform,
  owner: Release['status']['owner'],
  id: string,
  action: string,
  input: Json,
): Promise<void> {
  try {
    await platform.resources.act(owner, id, action, input)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    platform.log.warn(`a release could not ${action}`, { id, error: error.message })
  }
}
