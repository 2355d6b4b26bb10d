import type { EndpointFigures } from '../../../serving/gateway/figures/figures.ts'
import { addBuckets } from '../../../statistics/latency/log-buckets.ts'
import { binned, type PredictionBins } from './prediction-bins.ts'

/** What one deployment did in a stretch of a rollout. */
export interface ArmCounts {
  readonly requests: number
  /** Requests that it was the turn of. */
  readonly assigned: number
  readonly errors: number
  readonly refused: number
  readonly slow: number
  /** The same with one a caller and second, for tests of independent events. */
  readonly independent: { readonly errors: number; readonly refused: number; readonly slow: number }
  readonly latency: Readonly<Record<string, number>>
  /** Predictions over the bins that were frozen before the start. */
  readonly predictions: readonly number[]
}

/** A stretch in which the shares did not change. */
export interface Segment {
  readonly step: number
  readonly kind: 'mirror' | 'weight'
  /** Of the canary, in percent. */
  readonly share: number
  readonly canary: ArmCounts
  readonly baseline: ArmCounts
  readonly compared: number
  readonly unlike: number
  readonly differences: Readonly<Record<string, number>>
}

const none: ArmCounts = {
  requests: 0,
  assigned: 0,
  errors: 0,
  refused: 0,
  slow: 0,
  independent: { errors: 0, refused: 0, slow: 0 },
  latency: {},
  predictions: [],
}

/** What the figures say of a step, by the names of the two deployments. */
export function segmentOf(
  figures: Pick<EndpointFigures, 'arms' | 'pairs'>,
  at: Pick<Segment, 'step' | 'kind' | 'share'>,
  names: { readonly candidate: string; readonly champion: string },
  bins: PredictionBins | undefined,
): Segment {
  const counts = (name: string): ArmCounts => {
    const arm = figures.arms[name]
    if (arm === undefined) return none
    const { requests, assigned, errors, refused, slow, independent, latency, predictions } = arm
    return {
      requests,
      assigned,
      errors,
      refused,
      slow,
      independent,
      latency,
      predictions: bins === undefined ? [] : binned(predictions, bins),
    }
  }
  return { ...at, canary: counts(names.candidate), baseline: counts(names.champion), ...figures.pairs }
}

/** Two stretches of the same step as one: the gateway was started again between them. */
export const joined = (a: Segment, b: Segment): Segment => ({
  ...b,
  canary: sumOf(a.canary, b.canary),
  baseline: sumOf(a.baseline, b.baseline),
  compared: a.compared + b.compared,
  unlike: a.unlike + b.unlike,
  differences: addBuckets(a.differences, b.differences),
})

const sumOf = (a: ArmCounts, b: ArmCounts): ArmCounts => ({
  requests: a.requests + b.requests,
  assigned: a.assigned + b.assigned,
  errors: a.errors + b.errors,
  refused: a.refused + b.refused,
  slow: a.slow + b.slow,
  independent: {
    errors: a.independent.errors + b.independent.errors,
    refused: a.independent.refused + b.independent.refused,
    slow: a.independent.slow + b.independent.slow,
  },
  latency: addBuckets(a.latency, b.latency),
  predictions:
    a.predictions.length === 0 ? b.predictions : a.predictions.map((n, i) => n + (b.predictions[i] ?? 0)),
})
