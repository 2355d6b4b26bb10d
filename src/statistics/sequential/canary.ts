import type { Interval } from '../intervals/interval.ts'
import { meanEvidence, rejects, splitEvidence, type LogEvidence } from './evidence.ts'

/** Requests of one arm of a rollout, and how many of them had the event in question: an error, a latency over a limit. */
export interface Arm {
  readonly requests: number
  readonly events: number
}

/** A stretch of a rollout in which the traffic's split did not change. */
export interface Stretch {
  readonly canary: Arm
  readonly baseline: Arm
}

/**
 * Evidence that the canary's rate of events is not `ratio` times the baseline's: given an event, it is the canary's with
 * chance `ρ n_c / (ρ n_c + n_b)`, whatever the rate and however it moves with time. Events are to be independent: bursts
 * count once. Stretches with another split begin anew, and their evidence adds up.
 */
export const rateEvidence = (stretches: readonly Stretch[], ratio = 1): LogEvidence =>
  stretches.reduce((sum, stretch) => {
    const { canary, baseline } = stretch
    const events = canary.events + baseline.events
    return events === 0 ? sum : sum + splitEvidence(canary.events, events, expectedShare(stretch, ratio))
  }, 0)

/** Ratios of rates beyond these are told as 0 and as infinite. */
const farthest = 1e4

/**
 * Interval of how many times the baseline's rate the canary's is, that holds at all looks together: those ratios that the
 * evidence does not reject at alpha, so that its ends are where `examineGuardrail` decides. [0, ∞] before the first event.
 */
export function rateRatioSequence(stretches: readonly Stretch[], alpha: number): Interval {
  const usable = bothAsked(stretches)
  const events = usable.reduce((sum, { canary, baseline }) => sum + canary.events + baseline.events, 0)
  if (events === 0) return { lower: 0, upper: Infinity }
  const isOut = (log: number) => rejects(rateEvidence(usable, Math.exp(log)), alpha)
  const most = Math.log(farthest)
  const inside = likeliest(usable, most)
  const end = (far: number) => {
    if (!isOut(far)) return far
    let [near, beyond] = [inside, far]
    for (let i = 0; i < 40; i++) {
      const middle = (near + beyond) / 2
      if (isOut(middle)) beyond = middle
      else near = middle
    }
    return (near + beyond) / 2
  }
  const [lower, upper] = [end(-most), end(most)]
  return { lower: lower <= -most ? 0 : Math.exp(lower), upper: upper >= most ? Infinity : Math.exp(upper) }
}

/** Logarithm of the ratio at which the canary has as many of the events as is to be expected. */
function likeliest(stretches: readonly Stretch[], most: number): number {
  let [low, high] = [-most, most]
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (excess(stretches, Math.exp(middle)) > 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}

const bothAsked = (stretches: readonly Stretch[]) =>
  stretches.filter(({ canary, baseline }) => canary.requests > 0 && baseline.requests > 0)

const expectedShare = ({ canary, baseline }: Stretch, ratio: number) =>
  (ratio * canary.requests) / (ratio * canary.requests + baseline.requests)

/** The canary's events less those that it would have at `ratio` times the baseline's rate. */
const excess = (stretches: readonly Stretch[], ratio: number) =>
  stretches.reduce(
    (sum, stretch) =>
      sum +
      stretch.canary.events -
      expectedShare(stretch, ratio) * (stretch.canary.events + stretch.baseline.events),
    0,
  )

export interface Guardrail {
  /** Chance to roll a healthy canary back for this guardrail: .05 shared out over all of them. */
  readonly alphaHarm: number
  /** Chance to promote a canary whose rate is `ratio` times the baseline's. */
  readonly alphaPromote?: number
  /** How many times the baseline's rate is too much: 2 unless said. */
  readonly ratio?: number
  /** The least difference of the rates that is worth a rollback. */
  readonly floor?: number
}

export interface GuardrailState {
  /**
   * Harmful: surely worse, and by the floor at least. Safe: surely below `ratio` times the baseline. Undecided: go on
   * looking; it is never a pass.
   */
  readonly state: 'harmful' | 'safe' | 'undecided'
  readonly harm: LogEvidence
  readonly promote: LogEvidence
  /** Rates of events of both arms, all stretches together; NaN of no requests. */
  readonly rates: { readonly canary: number; readonly baseline: number }
}

/**
 * Looks at one guardrail of a canary. It may be looked at after every event: the chances to err hold for all looks
 * together. Latency goes the same way: the events are requests slower than the baseline's p95 or p99 of before the start.
 */
export function examineGuardrail(
  stretches: readonly Stretch[],
  { alphaHarm, alphaPromote = 0.05, ratio = 2, floor = 0 }: Guardrail,
): GuardrailState {
  const usable = bothAsked(stretches)
  const [harm, promote] = [rateEvidence(usable), rateEvidence(usable, ratio)]
  const rate = (arm: 'canary' | 'baseline') =>
    usable.reduce((sum, stretch) => sum + stretch[arm].events, 0) /
    usable.reduce((sum, stretch) => sum + stretch[arm].requests, 0)
  const rates = { canary: rate('canary'), baseline: rate('baseline') }
  const isHarmful =
    rejects(harm, alphaHarm) && excess(usable, 1) > 0 && rates.canary - rates.baseline >= floor
  const isSafe = rejects(promote, alphaPromote) && excess(usable, ratio) < 0
  return { state: isHarmful ? 'harmful' : isSafe ? 'safe' : 'undecided', harm, promote, rates }
}

/**
 * Evidence that the canary's answers are distributed otherwise than the baseline's: both arms' counts over the same bins
 * (of the baseline's quantiles, frozen before the start) or classes. In each bin the canary's part should be its share of
 * the traffic; the mean over the bins is evidence of any difference.
 */
export function driftEvidence(canary: ArrayLike<number>, baseline: ArrayLike<number>): LogEvidence {
  const sum = (counts: ArrayLike<number>) => Array.from(counts).reduce((a, b) => a + b, 0)
  const share = sum(canary) / (sum(canary) + sum(baseline))
  if (!(share > 0 && share < 1)) return 0
  return meanEvidence(Array.from(canary, (own, bin) => splitEvidence(own, own + (baseline[bin] ?? 0), share)))
}

/** Evidence that traffic is not split as asked for, which makes every comparison void; 1000 : 1 stops a rollout. */
export const sampleRatioEvidence = (canary: number, baseline: number, share: number): LogEvidence =>
  splitEvidence(canary, canary + baseline, share)
