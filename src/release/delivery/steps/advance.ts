import { binsOf } from '../analysis/prediction-bins.ts'
import { latencyQuantile } from '../analysis/latency.ts'
import { isBroken } from '../analysis/verdict.ts'
import { sameShares, type Seen, shareOf, type Trial } from '../target/target.ts'
import { isOthers, unneeded } from './acts.ts'
import { clearAfter, toCandidate } from './begin.ts'
import { goBack, hold, soon, without } from './moves.ts'
import type { Ending, Move, Rules, Working } from './state.ts'
import { step } from './step.ts'

/** How soon it is looked again while a champion is only kept warm. */
const later = 5000

/** What people ask of a delivery. */
export type Asked = 'pause' | 'resume' | 'promote' | 'abort' | undefined

/** Takes the next move of a delivery whose acts are done, by what there is now. Pure: `now` is in milliseconds. */
export function advance(
  working: Working,
  seen: Seen,
  rules: Rules,
  {
    now,
    asked,
    trial,
    frozen,
  }: {
    readonly now: number
    readonly asked?: Asked
    readonly trial?: Trial
    /** Why no step forward may be taken now, if it may not. */
    readonly frozen?: string
  },
): Move {
  if (working.phase === 'over') return over(working, seen, now)
  if (asked !== undefined) {
    const answer = answerTo(asked, working, seen, now)
    if (answer !== undefined) return answer
  }
  if (working.phase !== 'making' && isOthers(working, seen) && working.held?.kind !== 'others')
    return hold(working, 'others', `${seen.changedBy} changed the traffic: ${told(seen)}.`)
  if (working.held?.kind === 'others')
    return {
      working,
      doing: `${working.held.why} Resume takes it up again, abort gives all to the champion.`,
      again: soon,
    }
  switch (working.phase) {
    case 'making':
      return making(working, seen, now, rules)
    case 'trying':
      return trying(working, trial, { now, rules, frozen })
    case 'measuring':
      return measuring(working, seen, rules, now)
    case 'stepping':
      return step(working, seen, rules, { now, frozen })
    case 'giving':
    case 'returning':
      return settled(working, seen, rules, now)
  }
}

/** What people asked for is done whatever the figures say. */
function answerTo(asked: NonNullable<Asked>, working: Working, seen: Seen, now: number): Move | undefined {
  const isSplit = working.phase === 'giving' || working.phase === 'returning'
  // What is there now is what the next write replaces, whoever made it so.
  const knowing: Working = { ...working, former: seen.shares }
  switch (asked) {
    case 'pause':
      return working.held || isSplit ? undefined : hold(working, 'asked', 'Somebody paused it.')
    case 'resume':
      return working.held === undefined ? undefined : resumed(knowing, now)
    case 'promote':
      if (isSplit) return undefined
      if (['making', 'trying'].includes(working.phase))
        return {
          working: { ...without(working, 'held'), isStraight: true },
          doing: 'all traffic as soon as it is ready',
          happened: 'Asked to give it all traffic as soon as it is ready.',
          again: 0,
        }
      return {
        working: toCandidate(without(working, 'held'), now, seen.shares),
        doing: 'gets all traffic',
        happened: 'Promoted by hand, before its steps were through.',
        again: 0,
      }
    case 'abort':
      return goBack(working, 'It was aborted.', now, seen.shares)
  }
}

function resumed(working: Working, now: number): Move {
  const { held } = working
  const next: Working = {
    ...without(without(working, 'held'), 'downAt'),
    since: now,
    ...(held?.kind === 'drift' ? { isDriftAccepted: true } : {}),
    ...(held?.kind === 'planned' ? { step: working.step + 1 } : {}),
  }
  return { working: next, doing: 'goes on', happened: `Resumed; it was held: ${held?.why ?? ''}`, again: 0 }
}

const told = ({ shares }: Seen) =>
  [
    ...Object.entries(shares.traffic).map(([name, share]) => `${name} ${share} %`),
    ...Object.entries(shares.mirror).map(([name, share]) => `${name} mirrored ${share} %`),
  ].join(', ') || 'nothing to nobody'

function fail(working: Working, why: string, now: number, rules: Rules): Move {
  return end(working, { outcome: 'failed', why }, now, rules)
}

function end(
  working: Working,
  { outcome, why }: Pick<Ending, 'outcome' | 'why'>,
  now: number,
  rules: Rules,
): Move {
  // Where there was no champion, nothing is left over.
  const clearAt =
    outcome === 'succeeded' && working.champion === null ? null : now + clearAfter(outcome, rules)
  return {
    working: {
      ...working,
      phase: 'over',
      watch: outcome === 'succeeded' && working.champion !== null ? { warmMs: 0 } : null,
      since: now,
      end: { outcome, why, at: now, clearAt },
    },
    doing: why,
    verdict: why,
    happened: why,
    again: 0,
  }
}

function making(working: Working, seen: Seen, now: number, rules: Rules): Move {
  const { candidate } = working
  if (seen.broken !== undefined)
    return { working, doing: `The endpoint is not up: ${seen.broken}`, again: soon }
  const { state = 'coming', message = '' } = seen.deployments[candidate] ?? {}
  if (state === 'failed')
    return fail(working, `Deployment ${candidate} did not come up: ${message}`, now, rules)
  if (state === 'coming') return { working, doing: `deployment ${candidate} comes up`, again: soon }
  return {
    working: { ...working, phase: 'trying', since: now },
    doing: `deployment ${candidate} is ready; it is sent one request`,
    happened: `Deployment ${candidate} is ready.`,
    again: 0,
  }
}

function trying(
  working: Working,
  trial: Trial | undefined,
  {
    now,
    rules,
    frozen,
  }: { readonly now: number; readonly rules: Rules; readonly frozen: string | undefined },
): Move {
  const waits = working.held?.why ?? frozen
  if (working.isStraight && waits !== undefined) return { working, doing: waits, again: soon }
  if (trial === undefined) return { working, doing: 'is sent one request', again: 0 }
  if (trial.outcome === 'failed') return fail(working, trial.says, now, rules)
  const next = working.isStraight
    ? toCandidate(working, now)
    : { ...working, phase: 'measuring' as const, since: now }
  return {
    working: next,
    doing: working.isStraight ? 'gets all traffic' : 'the champion is measured before the start',
    happened: trial.says,
    again: 0,
  }
}

/** What is slow is what the champion's requests rarely are, found before the candidate has any influence on them. */
function measuring(working: Working, seen: Seen, { settings, plan }: Rules, now: number): Move {
  const { champion } = working
  if (champion === null) return { working: toCandidate(working, now), doing: 'gets all traffic', again: 0 }
  const { baseline_requests: wanted, checks, warm_up: warmMs, deadline } = settings
  const arm = seen.figures?.arms[champion]
  const { requests = 0, latency = {}, predictions = {} } = arm ?? {}
  const slow = checks.latency.slow_ms ?? latencyQuantile(latency, checks.latency.quantile).estimate
  if (requests < wanted || (slow === null && plan.steps.length > 0)) {
    const why = `${requests} of ${wanted} requests of the champion, before the start`
    if (working.held !== undefined || now - working.since < deadline)
      return { working, doing: why, again: soon }
    return hold(working, 'deadline', `There is nothing to compare with: ${why}.`)
  }
  if (working.held !== undefined) return { working, doing: working.held.why, again: soon }
  const bins = binsOf(predictions)
  return {
    working: {
      ...working,
      phase: 'stepping',
      step: 0,
      since: now,
      watch: { warmMs, ...(slow === null ? {} : { slowMs: slow }) },
      ...(slow === null ? {} : { slowMs: slow }),
      ...(bins === undefined ? {} : { bins }),
    },
    doing: 'takes the first step',
    happened:
      slow === null
        ? 'Nothing is known of how fast the champion is.'
        : `Requests are slow beyond ${round(slow)} ms: ${tellQuantile(checks.latency)} of ${requests} requests of the champion.`,
    again: 0,
  }
}

const tellQuantile = ({
  slow_ms,
  quantile,
}: {
  readonly slow_ms?: number | undefined
  readonly quantile: number
}) => (slow_ms === undefined ? `the ${quantile} quantile` : 'as the plan says, and not by those')

const round = (ms: number) => Number(ms.toPrecision(3))

/** All traffic is where it was to go; then it is over. */
function settled(working: Working, seen: Seen, rules: Rules, now: number): Move {
  const { phase, candidate, champion } = working
  if (seen.exists && !sameShares(seen.shares, working.shares))
    return {
      working,
      doing: phase === 'giving' ? 'gets all traffic' : 'goes back to the champion',
      again: soon,
    }
  if (phase === 'giving')
    return end(working, { outcome: 'succeeded', why: `${candidate} has all traffic.` }, now, rules)
  const why = working.end?.why ?? ''
  return end(
    working,
    { outcome: 'rolled_back', why: champion === null ? why : `${why} ${champion} has all traffic again.` },
    now,
    rules,
  )
}

/**
 * What has succeeded is watched as long as the former champion is warm, and goes back to it where it breaks; then what
 * nobody uses is removed.
 */
function over(working: Working, seen: Seen, now: number): Move {
  const { end: ended, candidate, champion } = working
  if (ended === undefined || ended.clearAt === null) return { working, doing: ended?.why ?? '' }
  const { why: doing, outcome, clearAt } = ended
  const hasAll = shareOf(seen.shares.traffic, candidate) === 100
  if (outcome === 'succeeded' && champion !== null && champion in seen.deployments && hasAll) {
    const { figures } = seen
    if (figures !== undefined && isBroken(figures, candidate)) {
      const { errors, requests } = figures.arms[candidate]?.recent ?? { errors: 0, requests: 0 }
      return goBack(
        working,
        `After its promotion it failed ${errors} of its last ${requests} requests.`,
        now,
        seen.shares,
      )
    }
  }
  if (now < clearAt) {
    const again = outcome === 'succeeded' && champion !== null ? later : clearAt - now
    return { working, doing, again: Math.min(again, clearAt - now) }
  }
  // What was to be removed is on its way out; a deployment that people use again stays.
  if (unneeded(working, seen).length > 0) return { working, doing, again: soon }
  return { working: { ...working, watch: null, end: { ...ended, clearAt: null } }, doing, again: 0 }
}
