import type { Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { ReleasedModel } from '../gates/gate.ts'
import type { DeliveryPlan } from '../plan/plan.ts'
import type { DeliveryRecord } from '../releases/release.ts'

/** What a delivery works with. Everything it does to endpoints it does by `resources.put`, as `actor`. */
export interface DeliveryContext {
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly release: { readonly id: string; readonly label: string }
  readonly workspaceId: string
  readonly candidate: ReleasedModel
  readonly champion: ReleasedModel | undefined
  readonly actor: Actor
  readonly plan: DeliveryPlan
  readonly record: DeliveryRecord
  /** What people asked for since: to wait, to go on, to give all traffic now, to go back. */
  readonly asked: 'pause' | 'resume' | 'promote' | 'abort' | undefined
}

/** One step of a delivery: the record to keep, and when to look again (ms) while it is not over. */
export interface DeliveryProgress {
  readonly record: DeliveryRecord
  readonly again?: number
  /** One sentence for the release's timeline, when something happened. */
  readonly happened?: string
}

/** Level-triggered like a reconciler; expects to be killed between any two lines. */
export type Deliver = (context: DeliveryContext) => Promise<DeliveryProgress>

/**
 * Gives a former release's model all traffic again, in one write of the endpoint. Throws conflict if its deployment has
 * gone, saying which releases can still be gone back to.
 */
export type RollBack = (
  context: Omit<DeliveryContext, 'record' | 'asked'> & {
    /** The delivery that is taken back to. */
    readonly to: DeliveryRecord
  },
) => Promise<{ readonly happened: string }>
