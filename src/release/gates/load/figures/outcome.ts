import { quantileSorted } from '../../../../statistics/distributions/quantiles.ts'
import { quantileInterval } from '../../../../statistics/intervals/quantiles.ts'
import type { Report } from '../generator/messages.ts'
import type { Arm, Due } from '../schedule.ts'

/** What became of the requests to one deployment, in the order in which they were due; warming up does not count. */
export interface Outcome {
  readonly requests: number
  /** Share of the requests that were sent, which makes or breaks the whole run. */
  readonly achieved: number
  /** Requests that were sent, and had no answer or another status than 200. */
  readonly errors: number
  /** Milliseconds from when each was due to its answer, infinite for those without. */
  readonly latencies: Float64Array
  /** The same, ascending. */
  readonly sorted: Float64Array
  /** When each was due, in seconds from the first. */
  readonly due: Float64Array
  /** Milliseconds by which the generator itself was late, 99 of 100 times at most. */
  readonly lagP99: number
}

/** Later than this after the last was due, what is sent does not count as sent in time. */
const graceMs = 1000

/** The outcome of one arm of a run. */
export function outcomeOf(due: readonly Due[], report: Report, arm: Arm): Outcome {
  const mine = [...due.keys()].filter((i) => due[i]?.arm === arm && !due[i].isWarmUp)
  const at = (i: number) => due[i]?.at ?? 0
  const last = mine.reduce((latest, i) => Math.max(latest, at(i)), 0)
  const isSent = (i: number) => (report.sent[i] ?? Number.POSITIVE_INFINITY) <= last + graceMs
  const isFine = (i: number) => report.status[i] === 200 && report.answered[i] !== null
  const latencies = Float64Array.from(mine, (i) =>
    isFine(i) ? Math.max(0, (report.answered[i] ?? 0) - at(i)) : Number.POSITIVE_INFINITY,
  )
  const lags = Float64Array.from(
    mine.filter((i) => report.sent[i] !== null),
    (i) => Math.max(0, (report.sent[i] ?? 0) - at(i)),
  ).sort()
  const first = mine[0] === undefined ? 0 : at(mine[0])
  return {
    requests: mine.length,
    achieved: mine.length === 0 ? 0 : mine.filter(isSent).length / mine.length,
    errors: mine.filter((i) => report.sent[i] !== null && !isFine(i)).length,
    latencies,
    sorted: Float64Array.from(latencies).sort(),
    due: Float64Array.from(mine, (i) => (at(i) - first) / 1000),
    lagP99: quantileSorted(lags, 0.99),
  }
}

/** A quantile of the latencies with its interval by order statistics. */
export const quantileOf = ({ sorted }: Outcome, q: number, alpha = 0.05) => ({
  // A rank, not a mean of two: what was measured, and infinite where that was.
  estimate: sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN,
  ...quantileInterval(sorted, q, alpha),
})
