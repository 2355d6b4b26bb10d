import { lastRun, nextRun, readTrigger } from '../../training/schedules/trigger.ts'
import type { Trigger } from '../../training/schedules/trigger.ts'
import type { FreezeWindow } from './plan.ts'

const dawn = new Date(0)

/** When a window begins, again and again for a cron expression. Throws validation for what is neither that nor a time. */
export function beginningsOf({ from, timeZone }: FreezeWindow): Trigger {
  const isDate = /^\d{4}-\d\d-\d\d/.test(from)
  return isDate
    ? readTrigger(
        { triggerType: 'Recurrence', frequency: 'Day', interval: 1000, startTime: from, timeZone },
        dawn,
      )
    : readTrigger({ triggerType: 'Cron', expression: from, timeZone }, dawn)
}

/** The window that holds now and when it ends, the one that ends last; undefined if nothing is frozen. Pure. */
export function frozenUntil(
  windows: readonly FreezeWindow[],
  now: Date,
): { readonly until: Date; readonly window: FreezeWindow } | undefined {
  return windows
    .flatMap((window) => {
      const begun = lastBeginning(window, now)
      const until = begun === undefined ? undefined : new Date(begun.getTime() + window.forMs)
      return until !== undefined && until > now ? [{ until, window }] : []
    })
    .toSorted((a, b) => b.until.getTime() - a.until.getTime())[0]
}

/** The last beginning that is not over yet. */
function lastBeginning(window: FreezeWindow, now: Date): Date | undefined {
  const trigger = beginningsOf(window)
  // What is due at this moment has begun.
  const last = trigger.kind === 'cron' ? lastRun(trigger, new Date(now.getTime() + 1)) : trigger.start
  return last !== undefined && last <= now && now.getTime() - last.getTime() < window.forMs ? last : undefined
}

const yearMs = 366 * 24 * 3600_000
const mostLooks = 2000

/**
 * Whether a window that begins after a moment ends before another one begins, within a year or two thousand windows on
 * end. Pure.
 */
export function thaws(window: FreezeWindow, after: Date): boolean {
  const trigger = beginningsOf(window)
  const first = trigger.kind === 'cron' ? nextRun(trigger, after) : undefined
  if (trigger.kind !== 'cron' || first === undefined) return true
  let end = first.getTime() + window.forMs
  for (let looks = 0; looks < mostLooks && end < first.getTime() + yearMs; looks += 1) {
    const last = lastRun(trigger, new Date(end + 1)) ?? first
    const next = last.getTime() + window.forMs
    if (next <= end) return true
    end = next
  }
  return false
}
