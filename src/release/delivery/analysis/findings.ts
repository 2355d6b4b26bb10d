import { differenceEnds } from '../../../serving/gateway/figures/answers.ts'
import { jensenShannonDistance } from '../../../statistics/distributions/distances.ts'
import {
  driftEvidence,
  examineGuardrail,
  rateRatioSequence,
  type Stretch,
} from '../../../statistics/sequential/canary.ts'
import { proportionSequence, rejects } from '../../../statistics/sequential/evidence.ts'
import { countAbove } from '../../../statistics/latency/log-buckets.ts'
import type { Segment } from './segments.ts'
import type { AnalysisSettings } from './settings.ts'

/** What one check found of a canary. */
export interface Finding {
  /** As the plan calls it: `error_rate`, `latency`, `p99_ms`, `agreement`, `drift`; and `refusal_rate`. */
  readonly check: string
  /**
   * Harmful: surely worse than it may be. Safe: surely not. `missed`: so is the champion, which makes it nobody's fault.
   * Told: shown, and not judged.
   */
  readonly state: 'harmful' | 'safe' | 'undecided' | 'missed' | 'told'
  readonly canary: number | null
  readonly champion: number | null
  /** E-values against "as good as the champion", and against "too bad to promote", where there are any. */
  readonly harm?: number
  readonly promote?: number
  /** Of what is compared: how much worse the canary is than the champion, in shares of one. */
  readonly difference?: Difference
  /** One sentence with the numbers. */
  readonly says: string
}

/**
 * The canary's rate less the champion's, with an interval that holds at all looks together and whose ends are where the
 * check decides: below `margin` it passes, above 0 (by the plan's floor) the canary goes back. It is the interval of the
 * rates' ratio at the champion's rate as it was seen. An end that cannot be told yet is null.
 */
export interface Difference {
  readonly estimate: number
  readonly lower: number | null
  readonly upper: number | null
  readonly margin: number
  /** Requests of all steps that it is of. */
  readonly n: { readonly canary: number; readonly champion: number }
}

const alphaPromote = 0.05

/** Everything that is known of the canary by now, a finding a check. */
export function findingsOf(segments: readonly Segment[], settings: AnalysisSettings): readonly Finding[] {
  const { checks } = settings
  const absolute = (['p50_ms', 'p95_ms', 'p99_ms'] as const).filter((name) => checks[name] !== undefined)
  // Each of them may err toward harm: they share the chance that all of them together may have.
  const judged =
    3 +
    absolute.length +
    (checks.error_rate.max === undefined ? 0 : 1) +
    (checks.agreement === undefined ? 0 : 1) +
    (checks.drift.action === 'ignore' ? 0 : 1)
  const alpha = settings.alpha / judged
  const { margin, floor } = checks.error_rate
  return [
    compared(segments, 'errors', settings, { alpha, floor, margin }),
    ...(checks.error_rate.max === undefined ? [] : [errorLimit(segments, checks.error_rate.max, alpha)]),
    compared(segments, 'refused', settings, { alpha, floor, margin }),
    compared(segments, 'slow', settings, {
      alpha,
      floor: checks.latency.floor,
      // Of a limit that the plan sets, nobody knows how many of the champion's requests are beyond.
      margin: checks.latency.slow_ms === undefined ? 0 : 1 - checks.latency.quantile,
    }),
    ...absolute.map((name) => latencyLimit(segments, name, checks[name]?.max ?? Infinity, alpha)),
    ...agreementOf(segments, checks.agreement, alpha),
    ...driftOf(segments, checks.drift, alpha),
  ]
}

const names = {
  errors: ['error_rate', 'errors'],
  refused: ['refusal_rate', 'refused requests'],
  slow: ['latency', 'slow requests'],
} as const

/** The canary's rate of events against the champion's, and of rare ones against what is no harm whatever that is. */
function compared(
  segments: readonly Segment[],
  kind: keyof typeof names,
  { ratio }: AnalysisSettings,
  { alpha, floor, margin }: { readonly alpha: number; readonly floor: number; readonly margin: number },
): Finding {
  const [check, what] = names[kind]
  const stretches = segments.map((segment) => stretchOf(segment, kind))
  const harm = examineGuardrail(stretches, { alphaHarm: alpha, alphaPromote, ratio, floor })
  // Copies of requests say less of what callers will see: what passes a canary is seen on callers, where there were any.
  const onCallers = stretches.filter((_, i) => segments[i]?.kind === 'weight')
  const passing = onCallers.length > 0 ? onCallers : stretches
  const promote = examineGuardrail(passing, { alphaHarm: alpha, alphaPromote, ratio })
  const rate = (arm: 'canary' | 'baseline') =>
    sum(segments, (s) => s[arm][kind]) / sum(segments, (s) => s[arm].requests)
  const [canary, champion] = [rate('canary'), rate('baseline')]
  const [events, requests] = [sum(segments, (s) => s.canary[kind]), sum(segments, (s) => s.canary.requests)]
  const most = proportionSequence(events, requests, alphaPromote).upper
  const isRare = requests > 0 && most <= margin
  // The floor is one of rates of requests, so those decide; the evidence is of independent events.
  const isHarmful = harm.state === 'harmful' && canary - champion >= floor
  return {
    check,
    state: isHarmful ? 'harmful' : promote.state === 'safe' || isRare ? 'safe' : 'undecided',
    canary: orNull(canary),
    champion: orNull(champion),
    harm: eValue(harm.harm),
    promote: eValue(promote.promote),
    ...differenceOf(
      { canary, champion, most },
      {
        least: rateRatioSequence(stretches, alpha).lower,
        most: rateRatioSequence(passing, alphaPromote).upper,
      },
      { ratio, margin },
      { canary: requests, champion: sum(segments, (s) => s.baseline.requests) },
    ),
    says: `${percent(canary)} ${what} against the champion's ${percent(champion)}`,
  }
}

/** Of rates and the interval of their ratio; nothing where one of the two was not asked yet. */
function differenceOf(
  rates: { readonly canary: number; readonly champion: number; readonly most: number },
  ratios: { readonly least: number; readonly most: number },
  { ratio, margin }: { readonly ratio: number; readonly margin: number },
  n: Difference['n'],
): { readonly difference?: Difference } {
  if (n.canary === 0 || n.champion === 0) return {}
  const { canary, champion, most } = rates
  const estimate = canary - champion
  // Ends are of independent events and of callers only, and the estimate of all: it is never told to be outside.
  const lower = Math.min(estimate, champion * (ratios.least - 1))
  const byRatio = champion === 0 ? Infinity : champion * (ratios.most - 1)
  const [tolerated, rare] = [(ratio - 1) * champion, margin - champion]
  // What passes, passes by the one rule or by the other; what does not is told by the more lenient of the two.
  const isByRate = most - champion <= rare || (byRatio > tolerated && rare >= tolerated)
  const upper = Math.max(estimate, isByRate ? most - champion : byRatio)
  return {
    difference: {
      estimate: Number(estimate.toPrecision(4)),
      lower: orNull(lower),
      upper: orNull(upper),
      margin: Number(Math.max(tolerated, rare).toPrecision(4)),
      n,
    },
  }
}

const stretchOf = ({ canary, baseline }: Segment, kind: keyof typeof names): Stretch => ({
  canary: { requests: canary.requests, events: canary.independent[kind] },
  baseline: { requests: baseline.requests, events: baseline.independent[kind] },
})

function errorLimit(segments: readonly Segment[], max: number, alpha: number): Finding {
  const arm = (name: 'canary' | 'baseline') =>
    limited(
      sum(segments, (s) => s[name].errors),
      sum(segments, (s) => s[name].requests),
      max,
      alpha,
    )
  return absoluteFinding('error_rate.max', arm('canary'), arm('baseline'), (found) => ({
    value: orNull(found),
    says: `${percent(found)} errors, where at most ${percent(max)} are allowed`,
  }))
}

function latencyLimit(
  segments: readonly Segment[],
  name: 'p50_ms' | 'p95_ms' | 'p99_ms',
  max: number,
  alpha: number,
): Finding {
  const q = Number(name.slice(1, 3)) / 100
  const last = segments.slice(-1)
  const arm = (of: 'canary' | 'baseline') =>
    limited(
      sum(last, (s) => countAbove(s[of].latency, max)),
      sum(last, (s) => s[of].requests),
      1 - q,
      alpha,
    )
  return absoluteFinding(name, arm('canary'), arm('baseline'), (found) => ({
    value: orNull(found),
    says: `${percent(found)} of the requests take longer than ${max} ms, where ${percent(1 - q)} may`,
  }))
}

interface Limited {
  readonly rate: number
  readonly isBroken: boolean
  readonly isKept: boolean
}

/** Whether a rate is surely above a limit, and whether what was seen keeps it. */
const limited = (events: number, requests: number, max: number, alpha: number): Limited => ({
  rate: events / requests,
  isBroken: requests > 0 && proportionSequence(events, requests, alpha).lower > max,
  isKept: requests > 0 && events / requests <= max,
})

function absoluteFinding(
  check: string,
  canary: Limited,
  champion: Limited,
  tell: (rate: number) => { readonly value: number | null; readonly says: string },
): Finding {
  const broken = champion.isKept ? 'harmful' : 'missed'
  return {
    check,
    state: canary.isBroken ? broken : canary.isKept ? 'safe' : 'undecided',
    canary: tell(canary.rate).value,
    champion: tell(champion.rate).value,
    says: tell(canary.rate).says,
  }
}

/** How many mirrored requests got the champion's answer. Without labels that is safety, never quality. */
function agreementOf(
  segments: readonly Segment[],
  rule: AnalysisSettings['checks']['agreement'],
  alpha: number,
): readonly Finding[] {
  const pairs = sum(segments, (s) => s.compared)
  if (pairs === 0 && rule === undefined) return []
  const tolerance = rule?.tolerance ?? 1e-9
  const agreeing = sum(segments, ({ differences }) =>
    Object.entries(differences).reduce(
      (found, [bin, count]) =>
        found + ((differenceEnds[Number(bin)] ?? Infinity) <= tolerance * 1.0001 ? count : 0),
      0,
    ),
  )
  const rate = agreeing / pairs
  const { lower, upper } = proportionSequence(agreeing, pairs, alpha)
  const judged =
    rule === undefined ? 'told' : upper < rule.min ? 'harmful' : lower >= rule.min ? 'safe' : 'undecided'
  return [
    {
      check: 'agreement',
      state: judged,
      canary: orNull(rate),
      champion: null,
      says:
        `${percent(rate)} of ${pairs} mirrored requests got the champion's answer within ${tolerance}` +
        (rule === undefined ? '' : `, where ${percent(rule.min)} are asked for`),
    },
  ]
}

/** Whether predictions are distributed as the champion's: surely not, and by more than the plan lets pass. */
function driftOf(
  segments: readonly Segment[],
  { max, action }: AnalysisSettings['checks']['drift'],
  alpha: number,
): readonly Finding[] {
  const seen = segments.filter(
    ({ canary, baseline }) => some(canary.predictions) && some(baseline.predictions),
  )
  if (seen.length === 0) return []
  const evidence = sum(seen, ({ canary, baseline }) =>
    driftEvidence(canary.predictions, baseline.predictions),
  )
  const pooled = (arm: 'canary' | 'baseline') =>
    (seen[0]?.[arm].predictions ?? []).map((_, bin) => sum(seen, (s) => s[arm].predictions[bin] ?? 0))
  const far = jensenShannonDistance(pooled('canary'), pooled('baseline'))
  const isDrifted = rejects(evidence, alpha) && far >= max
  return [
    {
      check: 'drift',
      state: action === 'ignore' ? 'told' : isDrifted ? 'harmful' : far < max ? 'safe' : 'undecided',
      canary: orNull(far),
      champion: null,
      harm: eValue(evidence),
      says: `predictions are ${far.toFixed(3)} from the champion's (Jensen–Shannon distance; ${max} is let pass)`,
    },
  ]
}

const some = (counts: readonly number[]) => counts.some((count) => count > 0)

const sum = (segments: readonly Segment[], of: (segment: Segment) => number) =>
  segments.reduce((all, segment) => all + of(segment), 0)

/** To four digits, and null of what cannot be told. */
const orNull = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : null)

/** An e-value of its logarithm, to three digits and finite. */
const eValue = (evidence: number) => Number(Math.exp(Math.min(evidence, 50)).toPrecision(3))

/** `0.42 %`; `no` of nothing. */
const percent = (rate: number): string =>
  Number.isFinite(rate) ? `${Number((rate * 100).toPrecision(3))} %` : 'no'
