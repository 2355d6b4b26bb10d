import type { Json } from '../../../kernel/resources/resource.ts'
import type { DeliveryStep } from '../../plan/plan.ts'
import type { Finding } from './findings.ts'
import { latencyQuantile, type LatencyQuantile } from './latency.ts'
import type { Segment } from './segments.ts'
import type { Verdict } from './verdict.ts'

/** One look at a canary, as the release keeps it. */
export interface Look extends Verdict {
  readonly at: string
  /** From 1 on. */
  readonly step: number
  /** Percent of the callers, or of copied requests. */
  readonly weight?: number
  readonly mirror?: number
  readonly requests: { readonly canary: number; readonly champion: number }
  readonly latency: { readonly canary: ArmLatency; readonly champion: ArmLatency }
  readonly findings: readonly Finding[]
}

interface ArmLatency {
  readonly p50: LatencyQuantile
  readonly p99: LatencyQuantile
}

/** What is kept of a look at a step's own segment. */
export function lookAt(
  planned: Exclude<DeliveryStep, { readonly pause: true }>,
  segment: Segment,
  judged: Verdict & { readonly findings: readonly Finding[] },
  { step, now }: { readonly step: number; readonly now: number },
): Look {
  const { forMs: _, ...share } = planned
  const latency = (counts: Segment['canary']['latency']): ArmLatency => ({
    p50: latencyQuantile(counts, 0.5),
    p99: latencyQuantile(counts, 0.99),
  })
  return {
    at: new Date(now).toISOString(),
    step: step + 1,
    ...share,
    ...judged,
    requests: { canary: segment.canary.requests, champion: segment.baseline.requests },
    latency: { canary: latency(segment.canary.latency), champion: latency(segment.baseline.latency) },
  }
}

/** An older look: its numbers without their sentences, evidence and intervals. */
export function agedLook({ latency, findings, ...look }: Look): Json {
  const estimates = ({ p50, p99 }: ArmLatency) => ({
    p50: { estimate: p50.estimate },
    p99: { estimate: p99.estimate },
  })
  return {
    ...look,
    latency: { canary: estimates(latency.canary), champion: estimates(latency.champion) },
    findings: findings.map(({ check, state, canary, champion }) => ({ check, state, canary, champion })),
  }
}
