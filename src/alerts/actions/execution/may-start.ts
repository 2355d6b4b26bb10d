import type { Budget } from '../planning/read.ts'

/** What is known of an action that is about to start, or has been. Times are milliseconds since 1970. */
export interface Candidate {
  readonly cause: string
  readonly slot: string
  readonly coolDownMs: number
  readonly budget: Budget | undefined
  /** Somebody has let it pass its budget. */
  readonly isApproved: boolean
}

export interface Former {
  /** What it is called to people: `0-retrain of incident 17`. */
  readonly label: string
  readonly cause: string
  readonly slot: string
  readonly startedAt: number
  /** False for what came to nothing: that cools nothing down and costs nothing. */
  readonly counts: boolean
}

export type Verdict =
  | { readonly start: true }
  | { readonly skip: string }
  /** Over budget: somebody has to approve it. */
  | { readonly ask: string }
  /** Too many at once: to be looked at again in so many ms. */
  | { readonly wait: string; readonly again: number }

const minuteMs = 60_000

/**
 * Whether an action may begin: not within its cool-down after the last for the same alert; within its budget, unless
 * somebody approved it; and not more than `mostInAMinute` of a workspace begin in any minute, whatever storms.
 */
export function mayStart(
  candidate: Candidate,
  former: readonly Former[],
  { now, mostInAMinute }: { readonly now: number; readonly mostInAMinute: number },
): Verdict {
  const counted = former.filter(({ counts }) => counts)
  const last = newest(counted.filter(({ cause }) => cause === candidate.cause))
  if (last !== undefined && now - last.startedAt < candidate.coolDownMs)
    return {
      skip: `cool-down until ${stamp(last.startedAt + candidate.coolDownMs)}: ${last.label} did it at ${stamp(last.startedAt)}`,
    }
  const { budget } = candidate
  if (budget !== undefined && !candidate.isApproved) {
    const spent = counted.filter(
      ({ slot, startedAt }) => slot === candidate.slot && now - startedAt < budget.perMs,
    )
    if (spent.length >= budget.atMost)
      return {
        ask: `over budget: done ${spent.length} ${spent.length === 1 ? 'time' : 'times'} in ${span(budget.perMs)}, and ${budget.atMost} are allowed without approval`,
      }
  }
  const recent = former
    .map(({ startedAt }) => startedAt)
    .filter((startedAt) => now - startedAt < minuteMs)
    .toSorted((a, b) => b - a)
  const first = recent[mostInAMinute - 1]
  if (first === undefined) return { start: true }
  return {
    wait: `more than ${mostInAMinute} actions began within a minute`,
    again: Math.max(1000, first + minuteMs - now),
  }
}

const newest = (former: readonly Former[]) => former.toSorted((a, b) => b.startedAt - a.startedAt)[0]
const stamp = (time: number) => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** `30 days`, `12 hours`, `5 minutes`. */
export function span(ms: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', minuteMs],
  ] as const
  const [unit, length] =
    units.find(([, each]) => ms >= each && ms % each === 0) ?? (['second', 1000] as const)
  const count = ms / length
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
