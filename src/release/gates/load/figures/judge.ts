import { assertQuantile, mover } from '../../../../statistics/intervals/quantiles.ts'
import { twoSided } from '../../../../statistics/intervals/interval.ts'
import { wilson } from '../../../../statistics/intervals/proportions.ts'
import type { Measure } from '../../gate.ts'
import { limitsOf, type LoadParameters } from '../parameters.ts'
import { designEffect } from './batches.ts'
import { quantileOf, type Outcome } from './outcome.ts'

/** A run in which less than this share of the requests was sent shows nothing of the deployment. */
const leastAchieved = 0.99

const confidence = 0.95
const shown = [
  [0.5, 'p50'],
  [0.95, 'p95'],
  [0.99, 'p99'],
] as const

/** Whether the load was sent as it was to be. */
export const ofLoad = (outcome: Outcome, rate: number): Measure => ({
  name: 'achieved_rate',
  estimate: round(outcome.achieved * rate),
  n: outcome.requests,
  limit: `at least ${leastAchieved * 100} % of ${rate} requests a second`,
  verdict: outcome.achieved >= leastAchieved ? 'pass' : 'inconclusive',
  note: `the sender itself was late by ${round(outcome.lagP99)} ms at most, 99 times of 100`,
})

/** Whether few enough requests failed. */
export function ofErrors(outcome: Outcome, { max_error_rate: most }: LoadParameters): Measure {
  const { errors, requests } = outcome
  return {
    name: 'error_rate',
    estimate: errors / requests,
    interval: { ...wilson({ events: errors, trials: requests }, twoSided(1 - confidence)), confidence },
    n: requests,
    method: 'exact binomial test',
    limit: `at most ${most * 100} %, shown with ${confidence * 100} % confidence`,
    bound: { max: most },
    verdict: most >= 1 ? 'pass' : assertQuantile(errors, requests, 1 - most, 1 - confidence),
  }
}

/** The latencies, those that have a limit judged by it. */
export function ofLatencies(outcome: Outcome, given: LoadParameters): readonly Measure[] {
  const limits = limitsOf(given)
  const others = shown.filter(([q]) => !limits.some((limit) => limit.q === q))
  return [
    ...limits.map(({ q, name, ms }) => judged(outcome, { q, name, ms })),
    ...others.map(([q, name]) => measured(outcome, q, name)),
  ].toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

function measured(outcome: Outcome, q: number, name: string): Measure {
  const { estimate, lower, upper } = quantileOf(outcome, q, 1 - confidence)
  return {
    name: `latency_${name}_ms`,
    estimate: finite(estimate),
    ...(Number.isFinite(lower) && Number.isFinite(upper)
      ? { interval: { lower: round(lower), upper: round(upper), confidence } }
      : {}),
    n: outcome.requests,
    method: 'order statistics, from when each request was due',
    ...(estimate === Number.POSITIVE_INFINITY ? { note: 'so many requests had no answer' } : {}),
  }
}

function judged(
  outcome: Outcome,
  limit: { readonly q: number; readonly name: string; readonly ms: number },
): Measure {
  const slow = Array.from(outcome.latencies, (latency) => latency > limit.ms)
  const exceeding = slow.filter(Boolean).length
  const effect = designEffect(slow)
  const verdict = assertQuantile(
    Math.ceil(exceeding / effect),
    Math.floor(outcome.requests / effect),
    limit.q,
    1 - confidence,
  )
  // What the sender was late by is counted as the deployment's: so much of it, and nobody knows whose fault it is.
  const isSenders = verdict === 'fail' && outcome.lagP99 > limit.ms / 4
  return {
    ...measured(outcome, limit.q, limit.name),
    limit: `within ${limit.ms} ms, shown with ${confidence * 100} % confidence`,
    bound: { max: limit.ms },
    verdict: isSenders ? 'inconclusive' : verdict,
    note:
      `${exceeding} of ${outcome.requests} requests took longer` +
      (isSenders ? '; the sender itself was late, as on a busy machine: ask again' : '') +
      (effect > 1.05
        ? `; they came together, and count as ${Math.floor(outcome.requests / effect)} would`
        : ''),
  }
}

/**
 * Whether the candidate's p99 is too many times the champion's: fails where the interval's lower end is beyond, passes
 * where all of it is within.
 */
export function ofChampion(candidate: Outcome, champion: Outcome, most: number): Measure {
  const log = (outcome: Outcome) => {
    const { estimate, lower, upper } = quantileOf(outcome, 0.99, 1 - confidence)
    return { estimate: Math.log(estimate), lower: Math.log(Math.max(lower, 1e-6)), upper: Math.log(upper) }
  }
  const [own, other] = [log(candidate), log(champion)]
  const interval = mover(own, other)
  const [lower, upper] = [Math.exp(interval.lower), Math.exp(interval.upper)]
  const isKnown = Number.isFinite(lower) && Number.isFinite(upper)
  return {
    name: 'latency_p99_ratio',
    of: 'ratio',
    estimate: finite(Math.exp(own.estimate - other.estimate)),
    ...(isKnown ? { interval: { lower: round(lower), upper: round(upper), confidence } } : {}),
    n: candidate.requests + champion.requests,
    method: 'candidate and champion in turns (A B B A); MOVER of the logarithms',
    limit: `at most ${most} times the champion's`,
    bound: { max: most },
    verdict: lower > most ? 'fail' : isKnown && upper <= most ? 'pass' : 'inconclusive',
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? round(value) : null)
const round = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(4)) : value)
