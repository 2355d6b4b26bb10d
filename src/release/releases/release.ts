import type { Actor } from '../../kernel/access/access.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { EvidenceFile, GateResult } from '../gates/gate.ts'
import type { ReleasePlan } from '../plan/plan.ts'

/** What is asked for: which version to release, and why. */
export interface ReleaseProperties extends Json {
  /** Of the plan's model, in the plan's workspace. */
  readonly version: string
  /** In the words of whoever asked. */
  readonly why?: string | null
  /** What started it, where that must not start it twice: an event, a change of an alias, a time of a schedule. */
  readonly trigger?: string | null
}

export type Release = Resource<ReleaseProperties, ReleaseState>
export const asRelease = (resource: Resource): Release => resource as unknown as Release

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
export interface ReleaseState extends Json {
  /** By which those are found that go on. */
  readonly phase: 'open' | 'ended'
  readonly state: ReleaseStateName
  /** One sentence: why it is where it is. */
  readonly reason: string
  /** Name of the stage it is in. */
  readonly stage: string
  readonly stages: readonly StageRecord[]
  /** The plan as it was when the release began, parsed: later changes of the plan are for later releases. */
  readonly plan: ReleasePlan
  readonly candidate: Candidate
  /** The version that reigned when the release began; what the candidate is compared with. */
  readonly champion?: ChampionThen
  /** Under whose rights it acts: who wrote the plan last. */
  readonly owner: Actor
  readonly startedBy: { readonly id: string; readonly name: string; readonly why: string }
  readonly startedAt: string
  /** Somebody wants it cancelled; it ends when its jobs are told. */
  readonly cancelling?: { readonly by: string; readonly reason: string }
  /** Why it cannot go on although no gate is in its way: a copy, a publication that is refused. Tried again when asked. */
  readonly trouble?: string
  /** What somebody wants of the delivery since it was last looked at. */
  readonly asked?: 'pause' | 'resume' | 'promote' | 'abort'
  readonly leftovers?: readonly Leftover[]
  /** `{stage}/{gate}` of waivers whose end was told after the release had succeeded. */
  readonly expiredWaivers?: readonly string[]
  /** Id of the version in the plan's registry, once it is there. */
  readonly published?: string
  readonly endedAt?: string
  /** Everything that happened, oldest first: who, when, what. */
  readonly timeline: readonly { readonly at: string; readonly who: string; readonly what: string }[]
}

export interface Candidate {
  readonly id: string
  readonly name: string
  readonly version: string
  /** Name of who registered it. */
  readonly registeredBy: string
}

export interface ChampionThen {
  readonly id: string
  readonly name: string
  readonly version: string
  /** How it was found: `alias champion`, `most traffic of flight-delay`. */
  readonly by: string
}

export interface StageRecord {
  readonly name: string
  readonly state: 'pending' | 'gates' | 'approval' | 'delivery' | 'succeeded' | 'failed'
  readonly gates: readonly GateRecord[]
  /** The model scorecard as it was when the gates were done: `evidence/{stage}/scorecard.html`. */
  readonly scorecard?: EvidenceFile
  readonly approval?: ApprovalRecord
  readonly delivery?: DeliveryRecord
  /** True while the delivery looks after what it made, also when the release is over. */
  readonly watching?: boolean
}

/** An attempt that has ended and left something beyond its jobs, until its gate has removed that. */
export interface Leftover {
  readonly stage: string
  readonly gate: string
  readonly attempt: number
  readonly working?: Json
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
  /** Attempts before this one, oldest first, the last ten. */
  readonly earlier?: readonly Omit<GateRecord, 'earlier'>[]
}

export interface Person {
  readonly id: string
  readonly name: string
}

/** Lets a release pass a gate that did not pass: never silent, never for ever, never for another version. */
export interface Waiver {
  readonly by: Person
  readonly at: string
  readonly reason: string
  /** At most 90 days ahead. */
  readonly expiresAt: string
}

/** Somebody who asked for a release in some way: started it, registered the candidate, or stands behind who did. */
export interface Requester extends Person {
  readonly why: string
  /** The program that they stand behind, where it was not they themselves. */
  readonly behind?: string
}

export interface ApprovalRecord {
  readonly state: 'open' | 'approved' | 'refused' | 'expired'
  /** Digest of the gates' results that the approvers see: with other results, what was decided before is void. */
  readonly evidence: string
  /** Who wants it, and may therefore not approve where the rule says so. */
  readonly requesters: readonly Requester[]
  readonly requestedAt: string
  readonly expiresAt: string
  readonly decisions: readonly Decision[]
}

export interface Decision {
  readonly verdict: 'approve' | 'refuse'
  readonly by: Person
  /** For whom, where it was delegated. */
  readonly onBehalfOf?: Person
  /** Role by which it counts. */
  readonly role: string
  readonly at: string
  readonly comment?: string
  /** Of what the gates had found then. */
  readonly evidence: string
  /** Where it was decided, of one that came by CI. */
  readonly run?: string
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
