import type { Json } from '../../../kernel/resources/resource.ts'
import { sampleRatioEvidence } from '../../../statistics/sequential/canary.ts'
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
  /**
   * How callers were split in this step: whose turn it was, and the e-value against the share that was asked for; at 1000
   * no comparison counts. Of mirrored steps, whose requests are copies, there is none.
   */
  readonly split?: { readonly canary: number; readonly champion: number; readonly against: number }
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
    ...splitOf(segment),
    latency: { canary: latency(segment.canary.latency), champion: latency(segment.baseline.latency) },
  }
}

function splitOf({ kind, share, canary, baseline }: Segment): Pick<Look, 'split'> {
  if (kind === 'mirror' || canary.assigned + baseline.assigned === 0) return {}
  const evidence = sampleRatioEvidence(canary.assigned, baseline.assigned, share / 100)
  const against = Number(Math.exp(Math.min(evidence, 50)).toPrecision(3))
  return { split: { canary: canary.assigned, champion: baseline.assigned, against } }
}

/** An older look: its numbers without their sentences, evidence and the intervals of latencies. */
function agedLook({ latency, findings, ...look }: Look): Json {
  const estimates = ({ p50, p99 }: ArmLatency) => ({
    p50: { estimate: p50.estimate },
    p99: { estimate: p99.estimate },
  })
  return {
    ...look,
    latency: { canary: estimates(latency.canary), champion: estimates(latency.champion) },
    findings: findings.map(({ check, state, canary, champion, difference }) => ({
      check,
      state,
      canary,
      champion,
      ...(difference === undefined ? {} : { difference }),
    })),
  }
}

/** So many of the last looks are kept with all that they say. */
const wholeLooks = 5
/** So many are kept at most. */
const mostLooks = 100

/**
 * The looks to keep, with another one. The last have all that they say, those before them their numbers. Where there are
 * too many, every second one of those that found nothing new goes: the first ones stay as far apart as it takes, so that
 * what is kept is always of the whole delivery.
 */
export function keptLooks(before: readonly Json[], look: Look): readonly Json[] {
  const aged = before.slice(0, -wholeLooks).map((each) => agedLook(each as unknown as Look))
  const old =
    aged.length + wholeLooks < mostLooks
      ? aged
      : aged.filter((each, i) => i % 2 === 0 || isNews(each, aged[i - 1]))
  return [...old, ...before.slice(-wholeLooks), look as unknown as Json].slice(-mostLooks)
}

/** Another step, or another verdict than the look before. */
const isNews = (look: Json, before: Json | undefined): boolean =>
  look['step'] !== before?.['step'] || look['verdict'] !== before?.['verdict']
