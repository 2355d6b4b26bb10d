import type { Json } from '../../kernel/resources/resource.ts'
import type { GateResult } from '../gates/gate.ts'

/** One run of a plan for one model version: `{workspace}/providers/Twinloop/releasePlans/{plan}/releases/{number}`. */
export type ReleaseStateName =
  | 'running' // a gate runs, or is about to
  | 'blocked' // a gate failed, was inconclusive or an error: waits for a retry, a waiver or a cancel
  | 'waiting' // for approval, for the end of a freeze, or paused
  | 'delivering'
  | 'succeeded'
  | 'failed' // delivery failed and was rolled back, or the plan says that a failed gate ends the release
  | 'refused'
  | 'expired'
  | 'superseded'
  | 'cancelled'
  | 'rolled_back' // after it had succeeded

/** What is known of a release: its `status`. Times are ISO. */
export interface ReleaseState {
  readonly state: ReleaseStateName
  /** One sentence: why it is where it is. */
  readonly reason: string
  /** Name of the stage it is in. */
  readonly stage: string
  readonly stages: readonly StageRecord[]
  /** The plan as it was when the release began, parsed: later changes of the plan are for later releases. */
  readonly plan: Json
  readonly startedBy: { readonly id: string; readonly name: string; readonly why: string }
  readonly startedAt: string
  readonly endedAt?: string
  /** Everything that happened, oldest first: who, when, what. */
  readonly timeline: readonly { readonly at: string; readonly who: string; readonly what: string }[]
}

export interface StageRecord {
  readonly name: string
  readonly state: 'pending' | 'gates' | 'approval' | 'delivery' | 'succeeded' | 'failed'
  readonly gates: readonly GateRecord[]
  readonly approval?: ApprovalRecord
  readonly delivery?: DeliveryRecord
}

export interface GateRecord {
  readonly name: string
  readonly gate: string
  readonly attempt: number
  readonly state: 'pending' | 'running' | 'passed' | 'failed' | 'inconclusive' | 'error' | 'waived'
  readonly doing?: string
  readonly result?: GateResult
  /** Of an attempt that could not look. */
  readonly error?: string
  readonly waiver?: Waiver
  readonly startedAt?: string
  readonly endedAt?: string
  /** The gate's own, between steps. */
  readonly working?: Json
  /** Jobs that the attempt made, by the name that the gate gave them. */
  readonly jobs?: Readonly<Record<string, string>>
}

/** Lets a release pass a gate that did not pass: never silent, never for ever, never for another version. */
export interface Waiver {
  readonly by: { readonly id: string; readonly name: string }
  readonly at: string
  readonly reason: string
  /** At most 90 days ahead. */
  readonly expiresAt: string
}

export interface ApprovalRecord {
  readonly state: 'open' | 'approved' | 'refused' | 'expired'
  readonly requestedAt: string
  readonly expiresAt: string
  readonly decisions: readonly Decision[]
}

export interface Decision {
  readonly verdict: 'approve' | 'refuse'
  readonly by: { readonly id: string; readonly name: string }
  /** For whom, where it was delegated. */
  readonly onBehalfOf?: { readonly id: string; readonly name: string }
  /** Role by which it counts. */
  readonly role: string
  readonly at: string
  readonly comment?: string
  /** `cli`, `rest`, `link`, `studio`, `ci`. */
  readonly via: string
}

/** How far a delivery is; `working` is the delivery's own. */
export interface DeliveryRecord {
  readonly state: 'pending' | 'running' | 'paused' | 'succeeded' | 'failed' | 'rolled_back'
  readonly step?: number
  readonly doing?: string
  readonly verdict?: string
  readonly working?: Json
  /** Looks at the canary, newest last, the last hundred. */
  readonly looks?: readonly Json[]
}
