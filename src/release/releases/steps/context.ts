import type { Platform } from '../../../kernel/platform.ts'
import type { StageRecord, Release } from '../release.ts'
import type { Stage } from '../../plan/plan.ts'

/** What a step of the reconciler works with: a release, and the stage that it is in. */
export interface Step {
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly release: Release
  readonly plan: Stage
  readonly record: StageRecord
}

/** When to look again, if nobody wakes the release before; nothing where somebody will. */
export type Stepped = { readonly again: number } | void

/** Nobody waits for a time that is farther away than this without looking again: clocks are set now and then. */
const longestWaitMs = 3_600_000

/** Looks again at a time. */
export const at = (platform: Platform, time: string): { readonly again: number } => ({
  again: Math.min(longestWaitMs, Math.max(0, Date.parse(time) - platform.clock().getTime())),
})
