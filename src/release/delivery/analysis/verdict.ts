import { sampleRatioEvidence } from '../../../statistics/sequential/canary.ts'
import type { EndpointFigures } from '../../../serving/gateway/figures/figures.ts'
import { findingsOf, type Finding } from './findings.ts'
import type { Segment } from './segments.ts'
import type { AnalysisSettings } from './settings.ts'

/** What is to be done by what was seen; `go on` looks again later. */
export interface Verdict {
  readonly verdict: 'rollback' | 'next' | 'hold' | 'go on'
  /** One sentence: the number that decided, or what is still missing. */
  readonly why: string
  /** What only people can decide, where that is what it waits for. */
  readonly open?: 'deadline' | 'drift'
}

/** The traffic is surely not split as asked for. */
const sampleRatioLimit = Math.log(1000)

/** Errors of the last requests beyond which nobody waits for statistics. */
const breaker = { requests: 50, share: 0.5 }
/** Pairs after which answers that mostly have another shape are the schema's fault. */
const leastPairs = 20

/** Whether a deployment fails so that no test is needed: half of its last 50 requests. */
export const isBroken = (figures: Pick<EndpointFigures, 'arms'>, deployment: string): boolean => {
  const { requests = 0, errors = 0 } = figures.arms[deployment]?.recent ?? {}
  return requests >= breaker.requests && errors >= breaker.share * requests
}

/** What must not wait for the next look, if anything. */
export function breakerVerdict(
  figures: Pick<EndpointFigures, 'arms' | 'pairs'>,
  { candidate, champion }: { readonly candidate: string; readonly champion: string },
): Verdict | undefined {
  const { compared, unlike } = figures.pairs
  if (isBroken(figures, candidate)) {
    const { errors = 0, requests = 0 } = figures.arms[candidate]?.recent ?? {}
    if (isBroken(figures, champion))
      return { verdict: 'hold', why: 'Both the candidate and the champion fail most of their last requests.' }
    return { verdict: 'rollback', why: `The candidate failed ${errors} of its last ${requests} requests.` }
  }
  if (compared >= leastPairs && unlike >= breaker.share * compared)
    return {
      verdict: 'rollback',
      why: `${unlike} of ${compared} answers of the candidate have another shape than the champion's.`,
    }
  return undefined
}

/** How a step stands, beside what was counted. */
export interface StepClock {
  /** Milliseconds since the step's shares are in force, and how long they are to be at least. */
  readonly elapsedMs: number
  readonly forMs: number
  /** Looks in a row before this one at which an absolute limit was broken. */
  readonly missedLooks: number
  /** Whether callers are split by turns, so that the counts must be as the shares are. */
  readonly isSplitByTurn: boolean
}

/** Judges a step by all that was seen since the first, its own segment last. */
export function judge(
  segments: readonly Segment[],
  settings: AnalysisSettings,
  clock: StepClock,
): Verdict & { readonly findings: readonly Finding[] } {
  const findings = findingsOf(segments, settings)
  return { ...verdictOf(segments, findings, settings, clock), findings }
}

function verdictOf(
  segments: readonly Segment[],
  findings: readonly Finding[],
  settings: AnalysisSettings,
  clock: StepClock,
): Verdict {
  const current = segments.at(-1)
  const harmful = findings.filter(({ state }) => state === 'harmful')
  const isTolerated = ({ check }: Finding) =>
    (isAbsolute(check) && clock.missedLooks < settings.failure_limit) ||
    (check === 'drift' && settings.checks.drift.action === 'hold')
  const [worst] = harmful.filter((finding) => !isTolerated(finding))
  if (worst) return { verdict: 'rollback', why: `${worst.check}: ${worst.says}.` }
  const [missed] = findings.filter(({ state }) => state === 'missed')
  if (missed)
    return { verdict: 'hold', why: `${missed.check}: ${missed.says}, and the champion misses it, too.` }
  if (current?.kind === 'weight' && clock.isSplitByTurn) {
    const { canary, baseline, share } = current
    if (sampleRatioEvidence(canary.assigned, baseline.assigned, share / 100) >= sampleRatioLimit)
      return {
        verdict: 'hold',
        why: `The traffic is not split as asked for: ${canary.assigned} of ${canary.assigned + baseline.assigned} requests at ${share} %.`,
      }
  }
  const [tolerated] = harmful
  if (tolerated?.check === 'drift')
    return { verdict: 'hold', why: `drift: ${tolerated.says}.`, open: 'drift' }
  const missing = missingOf(current, findings, settings, clock)
  if (missing === undefined)
    return { verdict: 'next', why: 'As good as the champion in all that is asked for.' }
  if (clock.elapsedMs < settings.deadline) return { verdict: 'go on', why: missing }
  return {
    verdict: settings.on_deadline,
    open: 'deadline',
    why: `Not decided within ${Math.round(settings.deadline / 60_000)} minutes: ${missing}`,
  }
}

/** What an absolute limit is called in a finding. */
export const isAbsolute = (check: string): boolean => check.endsWith('_ms') || check === 'error_rate.max'

/** What a step still waits for, if for anything. */
function missingOf(
  current: Segment | undefined,
  findings: readonly Finding[],
  { min_requests, min_exceedances, checks }: AnalysisSettings,
  { elapsedMs, forMs }: StepClock,
): string | undefined {
  const requests = current?.canary.requests ?? 0
  if (requests < min_requests) return `${requests} of at least ${min_requests} requests.`
  const { slow = 0, requests: all = 0 } = current?.baseline ?? {}
  const expected = all === 0 ? 0 : (slow / all) * requests
  if (checks.latency.slow_ms === undefined && expected < min_exceedances)
    return `${Math.floor(expected)} of at least ${min_exceedances} slow requests are to be expected.`
  const [open] = findings.filter(({ state }) => state === 'undecided' || state === 'harmful')
  if (open) return `${open.check}: ${open.says}; not decided yet.`
  return elapsedMs < forMs ? `${seconds(forMs - elapsedMs)} of the step are left.` : undefined
}

const seconds = (ms: number) => (ms < 120_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`)
