import { parseOrThrow } from '../../kernel/resources/schema.ts'
import { nextRun, readTrigger, triggerSchema } from '../../training/schedules/trigger.ts'
import type { ReleasePlan } from '../plan/plan.ts'

/** When a plan's schedule is due next, after a time; undefined for one without, or when it is never due again. */
export function nextDue({ start }: ReleasePlan, anchor: string, after: Date): Date | undefined {
  if (!start.on.includes('schedule') || start.trigger === undefined) return undefined
  return nextRun(
    readTrigger(parseOrThrow(triggerSchema, start.trigger, 'A schedule'), new Date(anchor)),
    after,
  )
}
