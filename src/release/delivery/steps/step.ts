import { joined, segmentOf, type Segment } from '../analysis/segments.ts'
import type { AnalysisSettings } from '../analysis/settings.ts'
import { lookAt } from '../analysis/look.ts'
import { breakerVerdict, isAbsolute, judge, type Verdict } from '../analysis/verdict.ts'
import type { DeliveryStep } from '../../plan/plan.ts'
import { sameShares, type Seen, shareOf } from '../target/target.ts'
import { toCandidate } from './begin.ts'
import { goBack, hold, soon, without } from './moves.ts'
import { sharesOf, type Move, type Rules, type Working } from './state.ts'

/** The gateway writes its figures every second, and a busy machine is late. */
const shortestGapMs = 5000

/** A candidate without an instance that takes requests is given so long to have one again. */
const downMs = 10_000

/** One look at the step that is in force. `frozen` says why no further one begins, if none does. */
export function step(
  working: Working,
  seen: Seen,
  rules: Rules,
  { now, frozen }: { readonly now: number; readonly frozen?: string | undefined },
): Move {
  const { champion, candidate, held } = working
  if (champion === null) return through(working, now)
  const names = { candidate, champion }
  const planned = rules.plan.steps[working.step]
  const isThrough = planned === undefined || ('weight' in planned && planned.weight >= 100)
  if (!isThrough && 'pause' in planned && held === undefined)
    return hold(working, 'planned', 'The plan pauses here until somebody resumes it.')
  const isIn =
    !isThrough && !('pause' in planned) && sameShares(sharesOf.step(planned, names), working.shares)
  const waits = held?.why ?? frozen
  if (!isIn && waits !== undefined) return meanwhile(working, seen, rules, { now, names, waits })
  if (isThrough) return through(working, now)
  if ('pause' in planned) return { working, again: soon }
  const entered = enter(working, planned, names, now)
  if (entered !== undefined) return entered
  if (seen.deployments[candidate] === undefined)
    return goBack(working, `Somebody removed deployment ${candidate}.`, now)
  return examine(working, seen, rules, { now, planned, names, waits })
}

const through = (working: Working, now: number): Move => ({
  working: toCandidate(working, now),
  doing: 'gets all traffic',
  happened: 'All steps are through.',
  again: 0,
})

/** While a step waits to begin, callers get what the one before gave them, and it may still turn out to be harmful. */
function meanwhile(
  working: Working,
  seen: Seen,
  rules: Rules,
  { now, names, waits }: Pick<StepSeen, 'now' | 'names' | 'waits'>,
): Move {
  const before = rules.plan.steps.slice(0, working.step).findLast((each) => !('pause' in each))
  return before === undefined || 'pause' in before
    ? { working, doing: waits ?? '', again: soon }
    : examine(working, seen, rules, { now, planned: before, names, waits })
}

/** Decides the shares of a step that has just begun. */
function enter(
  working: Working,
  planned: Exclude<DeliveryStep, { readonly pause: true }>,
  names: { readonly candidate: string; readonly champion: string },
  now: number,
): Move | undefined {
  const shares = sharesOf.step(planned, names)
  if (sameShares(shares, working.shares)) return undefined
  const what =
    'mirror' in planned
      ? `copies of ${planned.mirror} % of the requests`
      : `${planned.weight} % of the callers`
  return {
    working: {
      ...closed(without(working, 'downAt')),
      former: working.shares,
      shares,
      since: now,
      lookedAt: now,
      missedLooks: 0,
    },
    doing: `gets ${what}`,
    happened: `Step ${working.step + 1}: ${what} for ${names.candidate}.`,
    again: 0,
  }
}

interface StepSeen {
  readonly now: number
  readonly planned: Exclude<DeliveryStep, { readonly pause: true }>
  readonly names: { readonly candidate: string; readonly champion: string }
  /** Why no step forward is taken, whatever is seen. */
  readonly waits: string | undefined
}

function examine(working: Working, seen: Seen, rules: Rules, looked: StepSeen): Move {
  const { now, planned, names, waits } = looked
  const { settings } = rules
  const { figures } = seen
  const isFresh = figures !== undefined && now - figures.at <= Math.max(2 * settings.interval, shortestGapMs)
  if (!isFresh) return blind(working, settings, now)
  const arm = figures.arms[names.candidate]
  const broken = breakerVerdict(figures, names)
  if (broken?.verdict === 'rollback') return give(working, broken, rules, now)
  const down = downSince(working, arm?.up ?? 0, now)
  if (down.downAt !== undefined && now - down.downAt >= downMs)
    return give(
      working,
      { verdict: 'rollback', why: 'The candidate has no instance that takes requests.' },
      rules,
      now,
    )
  // Counts of other shares, or of another limit, are none of this step.
  const areOurs =
    shareOf(figures.traffic, names.candidate) === shareOf(working.shares.traffic, names.candidate) &&
    shareOf(figures.mirror, names.candidate) === shareOf(working.shares.mirror, names.candidate) &&
    figures.slowMs === working.watch?.slowMs
  if (!areOurs) return { working: down, doing: 'waits for the gateway', again: soon }
  const counted = count(down, figures, planned, names)
  const segment = counted.segment
  const judged = judge(
    [...working.segments, segment],
    working.isDriftAccepted === true ? withoutDrift(settings) : settings,
    {
      elapsedMs: now - working.since,
      forMs: planned.forMs,
      missedLooks: working.missedLooks,
      isSplitByTurn: seen.isSplitByTurn,
    },
  )
  const verdict: Verdict = broken ?? judged
  const isDue = now - working.lookedAt >= settings.interval
  const isDecided = verdict.verdict === 'rollback' || (verdict.verdict === 'next' && waits === undefined)
  // An absolute limit is held against looks; the tests that hold at any time decide at any time.
  if (!isDue && !isDecided) return { working: unless(working, down), again: soon }
  const look = lookAt(
    planned,
    segment,
    { ...verdict, findings: judged.findings },
    { step: working.step, now },
  )
  const isMissed = judged.findings.some(({ check, state }) => state === 'harmful' && isAbsolute(check))
  const next: Working = {
    ...counted.working,
    lookedAt: now,
    missedLooks: isMissed ? working.missedLooks + 1 : 0,
  }
  return { ...follow(next, verdict, rules, { now, planned, waits }), look }
}

/** What a verdict means for a delivery. */
function follow(
  working: Working,
  verdict: Verdict,
  rules: Rules,
  { now, planned, waits }: Pick<StepSeen, 'now' | 'planned' | 'waits'>,
): Move {
  const doing = waits ?? `${doingOf(working, planned)}: ${verdict.why}`
  // Whoever holds it has set no time.
  if (verdict.open === 'deadline' && waits !== undefined)
    return { working, doing: waits, verdict: verdict.why, again: soon }
  switch (verdict.verdict) {
    case 'rollback':
      return give(working, verdict, rules, now)
    case 'next':
      if (waits !== undefined) return { working, doing: waits, verdict: verdict.why, again: soon }
      return {
        working: { ...working, step: working.step + 1, since: now },
        doing: `step ${working.step + 1} is through`,
        verdict: verdict.why,
        happened: `Step ${working.step + 1} is through. ${verdict.why}`,
        again: 0,
      }
    case 'hold':
      return holding(working, verdict, doing)
    case 'go on':
      return { working, doing, verdict: verdict.why, again: soon }
  }
}

/** What needs somebody waits for somebody; what may pass by itself is looked at again. */
function holding(working: Working, { why, open }: Verdict, doing: string): Move {
  if (open === undefined || working.held !== undefined)
    return { working, doing: `held: ${why}`, verdict: why, again: soon }
  return { ...hold(working, open, why), doing, verdict: why }
}

/** A candidate that does harm goes, unless the plan leaves that to people. */
function give(working: Working, { why }: Verdict, rules: Rules, now: number): Move {
  if (rules.plan.onFailure === 'rollback') return goBack(working, why, now)
  if (working.held?.kind === 'failure') return { working, doing: working.held.why, verdict: why, again: soon }
  return { ...hold(working, 'failure', `${why} The plan leaves it to people what to do.`), verdict: why }
}

/** Nothing is known at the moment: nothing is decided. */
function blind(working: Working, settings: AnalysisSettings, now: number): Move {
  const why = 'The gateway tells nothing of how the deployments do'
  if (now - working.since > settings.deadline && working.held === undefined)
    return hold(working, 'deadline', `Not decided within the deadline: ${why.toLowerCase()}.`)
  return { working: without(working, 'downAt'), doing: `held: ${why}; no step is taken`, again: soon }
}

/** Takes up the counts: those of before the gateway was started again stay. */
function count(
  working: Working,
  figures: NonNullable<Seen['figures']>,
  planned: StepSeen['planned'],
  names: StepSeen['names'],
): { readonly working: Working; readonly segment: Segment } {
  const { run, since } = figures
  const at = {
    step: working.step,
    kind: 'mirror' in planned ? ('mirror' as const) : ('weight' as const),
    share: 'mirror' in planned ? planned.mirror : planned.weight,
  }
  const segment = segmentOf(figures, at, names, working.bins)
  const { current } = working
  const isSame = current === undefined || (current.run === run && current.since === since)
  const before = isSame
    ? working.carried
    : working.carried === undefined
      ? current.segment
      : joined(working.carried, current.segment)
  return {
    working: {
      ...working,
      current: { run, since, segment },
      ...(before === undefined ? {} : { carried: before }),
    },
    segment: before === undefined ? segment : joined(before, segment),
  }
}

/** The step's counts with those of the steps before; of latencies, only what later evidence adds to. */
function closed(working: Working): Working {
  const { current, carried, ...rest } = working
  if (current === undefined) return rest
  const segment = carried === undefined ? current.segment : joined(carried, current.segment)
  const light = (arm: Segment['canary']) => ({ ...arm, latency: {} })
  return {
    ...rest,
    segments: [
      ...working.segments,
      { ...segment, canary: light(segment.canary), baseline: light(segment.baseline) },
    ],
  }
}

const downSince = (working: Working, up: number, now: number): Working & { readonly downAt?: number } =>
  up > 0 ? without(working, 'downAt') : { ...working, downAt: working.downAt ?? now }

const unless = (working: Working, next: Working): Working => (working.downAt === next.downAt ? working : next)

const withoutDrift = (settings: AnalysisSettings): AnalysisSettings => ({
  ...settings,
  checks: { ...settings.checks, drift: { ...settings.checks.drift, action: 'ignore' } },
})

const doingOf = ({ held, step: number }: Working, planned: StepSeen['planned']): string =>
  held?.why ??
  ('mirror' in planned
    ? `step ${number + 1}: copies of ${planned.mirror} % of the requests`
    : `step ${number + 1}: ${planned.weight} % of the callers`)
