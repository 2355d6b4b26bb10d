import type { Release } from '../../api/releases.ts'
import { namesIn } from '../../api/resource.ts'

/** Name of the plan that a release is of. */
export const planOf = ({ id }: Release): string => namesIn(id)[1] ?? ''

/**
 * Whether somebody has to look at a release: it is blocked, it waits for people, or its delivery is held; or it ended badly
 * within a day, and nothing was released by its plan since.
 */
export function needsAttention(release: Release, all: readonly Release[], now: Date): boolean {
  const { phase, state, stages, stage, endedAt } = release.properties
  const isHeld = stages.find(({ name }) => name === stage)?.delivery?.state === 'paused'
  if (phase === 'open') return state === 'blocked' || state === 'waiting' || isHeld
  const isRecent = endedAt !== undefined && now.getTime() - Date.parse(endedAt) < dayMs
  const isBad = state === 'failed' || state === 'rolled_back' || state === 'expired'
  return (
    isBad &&
    isRecent &&
    !all.some(
      (other) =>
        planOf(other) === planOf(release) && other.systemData.createdAt > release.systemData.createdAt,
    )
  )
}

const dayMs = 86_400_000
