import { nextRun, readTrigger } from '../../training/schedules/trigger.ts'
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
  if (trigger.kind === 'recurrence') return trigger.start <= now ? trigger.start : undefined
  let last: Date | undefined
  let from = new Date(now.getTime() - window.forMs)
  for (let next = nextRun(trigger, from); next !== undefined && next <= now; next = nextRun(trigger, from))
    last = from = next
  return last
}
