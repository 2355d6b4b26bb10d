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

/** One step of a delivery. */
export interface DeliveryProgress {
  /** The record to keep; the very same one that was given, where nothing has changed. */
  readonly record: DeliveryRecord
  /**
   * When to look again, in ms. Also of a record that is over: what has succeeded is watched as long as the former champion
   * is kept warm (and may then be `rolled_back`), and what nobody uses any more is removed. None when that is done, too.
   */
  readonly again?: number
  /** One sentence for the release's timeline, when something happened. */
  readonly happened?: string
}

/** Level-triggered like a reconciler; expects to be killed between any two lines. */
export type Deliver = (context: DeliveryContext) => Promise<DeliveryProgress>

/**
 * Gives a former release's model all traffic again, in one write of the endpoint. Where its deployment has gone, the
 * answer has the record of a delivery that makes it again: to be kept as that release's, and gone on with by `deliver`.
 */
export type RollBack = (
  context: Omit<DeliveryContext, 'record' | 'asked'> & {
    /** The delivery that is taken back to. */
    readonly to: DeliveryRecord
  },
) => Promise<{ readonly happened: string; readonly record?: DeliveryRecord }>
