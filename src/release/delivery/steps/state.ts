import type { WatchOptions } from '../../../serving/watching/kept-watch.ts'
import type { DeliveryPlan } from '../../plan/plan.ts'
import type { PredictionBins } from '../analysis/prediction-bins.ts'
import type { Segment } from '../analysis/segments.ts'
import type { AnalysisSettings } from '../analysis/settings.ts'
import type { Look } from '../analysis/look.ts'
import type { DeploymentBody, Shares } from '../target/target.ts'

/**
 * Where an online delivery is:
 * making (its deployment comes up) → trying (one request) → measuring (the champion, before the start) → stepping →
 * giving (all traffic) → over; from each of them by returning (the champion has all traffic again) → over.
 */
export type Phase = 'making' | 'trying' | 'measuring' | 'stepping' | 'giving' | 'returning' | 'over'

/** What a delivery remembers between two looks. Times are milliseconds since 1970. */
export interface Working {
  readonly phase: Phase
  /** Names of the deployments. */
  readonly candidate: string
  readonly champion: string | null
  readonly deployment: DeploymentBody
  /** False if the candidate's deployment was there before. */
  readonly isOwn: boolean
  /** How the traffic is to be, and how it was before that was decided: anything else is somebody else's doing. */
  readonly shares: Shares
  readonly former: Shares
  /** What is to be counted. */
  readonly watch: WatchOptions | null
  /** True: to full traffic without steps, as people decided. */
  readonly isStraight: boolean
  readonly step: number
  /** Since when the phase, or the step, is in force; deadlines count from here. */
  readonly since: number
  /** Beyond which a request is slow, by the champion before the start. */
  readonly slowMs?: number
  readonly bins?: PredictionBins
  /** What was seen in steps before this one. */
  readonly segments: readonly Segment[]
  /** What was seen in this step at the last look, by the gateway's run and the beginning of its counts. */
  readonly current?: { readonly run: string; readonly since: number; readonly segment: Segment }
  /** Of this step, under counts that have ended. */
  readonly carried?: Segment
  readonly lookedAt: number
  readonly missedLooks: number
  /** Since when the candidate has no instance that takes requests. */
  readonly downAt?: number
  /** Why no step forward is taken until somebody says so. */
  readonly held?: Hold
  /** True once somebody has gone on although predictions drift. */
  readonly isDriftAccepted?: boolean
  /** What came of it, and what is removed when. */
  readonly end?: Ending
}

export interface Hold {
  readonly kind: 'asked' | 'planned' | 'deadline' | 'drift' | 'others' | 'failure'
  readonly why: string
}

export interface Ending {
  readonly outcome: 'succeeded' | 'failed' | 'rolled_back'
  readonly why: string
  readonly at: number
  /** When what is not needed any more is removed; null when it has been. */
  readonly clearAt: number | null
}

/** What is fixed for a delivery. */
export interface Rules {
  readonly plan: Pick<DeliveryPlan, 'steps' | 'onFailure'> & { readonly keepMs: number }
  readonly settings: AnalysisSettings
}

/** One move of the machine. */
export interface Move {
  readonly working: Working
  /** What is done now, for people; what it was before, where it is not said. */
  readonly doing?: string
  readonly verdict?: string
  readonly look?: Look
  /** For the release's timeline. */
  readonly happened?: string
  /** Milliseconds until the next look; none when it is over for good. */
  readonly again?: number
}

/** Everything to the candidate, everything to the champion, or a step between the two. */
export const sharesOf = {
  all: (name: string): Shares => ({ traffic: { [name]: 100 }, mirror: {} }),
  step: (
    step: { readonly mirror: number } | { readonly weight: number },
    { candidate, champion }: { readonly candidate: string; readonly champion: string },
  ): Shares =>
    'mirror' in step
      ? { traffic: { [champion]: 100 }, mirror: { [candidate]: step.mirror } }
      : {
          traffic: { [champion]: 100 - step.weight, [candidate]: step.weight },
          mirror: {},
        },
}
