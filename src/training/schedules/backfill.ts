import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { Action } from '../../kernel/resources/resource.ts'
import { fire } from './fire.ts'
import { asSchedule } from './schedule.ts'
import { nextRun, readTrigger, type Trigger } from './trigger.ts'
import { momentOf, wallTime } from './zone.ts'

/** More than this is somebody's mistake in a year. */
const mostTimes = 1000

const moment = z.iso.datetime({ offset: true })

/**
 * `POST {schedule}/backfill { from, to }`: makes what the schedule would have made at each time from `from` to `to`, both
 * included, as if it had been there then; what was made for a time already is left as it is. Answers `{ times, made }`: ISO times
 * and names, in their order.
 */
export const backfill: Action = {
  operation: 'trigger/action',
  input: z.object({ from: moment, to: moment }),
  async run({ platform, resource, input }) {
    const { from, to } = input as { readonly from: string; readonly to: string }
    const schedule = asSchedule(resource)
    const { actionType } = schedule.properties.action
    if (actionType.toLowerCase() === 'importdata')
      throw errors.badRequest(
        `Schedule '${schedule.name}' imports data, and an import reads what there is now: there is nothing to backfill.`,
      )
    const given = readTrigger(schedule.properties.trigger, new Date(schedule.status.anchor))
    const times = timesBetween(given, new Date(from), new Date(to))
    const made: string[] = []
    for (const due of times) {
      const { id } = await fire(schedule, due, platform, { backfill: true })
      made.push(id.split('/').at(-1) ?? '')
    }
    return { body: { times: times.map((due) => due.toISOString()), made } }
  },
}

/** The times of a trigger in a stretch of time, also before its start; throws badRequest for none, or for too many. Pure. */
export function timesBetween(trigger: Trigger, from: Date, to: Date): readonly Date[] {
  if (from > to)
    throw errors.badRequest('The stretch of time ends before it begins: from is to be earlier than to.', {
      target: 'from',
    })
  const whole = { ...startingBy(trigger, from), end: undefined }
  const times: Date[] = []
  for (
    let due = nextRun(whole, new Date(from.getTime() - 1));
    due !== undefined && due <= to;
    due = nextRun(whole, due)
  ) {
    if (times.length === mostTimes)
      throw errors.badRequest(
        `There are more than ${mostTimes} times from ${from.toISOString()} to ${to.toISOString()}: backfill them in parts.`,
        { target: 'to' },
      )
    times.push(due)
  }
  if (times.length === 0)
    throw errors.badRequest(`The schedule is never due from ${from.toISOString()} to ${to.toISOString()}.`, {
      target: 'from',
    })
  return times
}

const dayMs = 86_400_000

/** The trigger with a start that is no later than a moment, and is due at the same times since its own. Pure. */
export function startingBy(trigger: Trigger, at: Date): Trigger {
  if (trigger.start <= at) return trigger
  if (trigger.kind === 'cron') return { ...trigger, start: at }
  const { frequency, interval, start, zone } = trigger
  const missing = start.getTime() - at.getTime()
  const fixed = frequency === 'Minute' ? 60_000 : frequency === 'Hour' ? 3_600_000 : undefined
  if (fixed !== undefined)
    return {
      ...trigger,
      start: new Date(start.getTime() - Math.ceil(missing / (fixed * interval)) * fixed * interval),
    }
  // By the calendar, as the times themselves are counted; a day more, since clocks may have been changed meanwhile.
  const wall = wallTime(start, zone)
  const days = Math.ceil(missing / dayMs) + 1
  if (frequency === 'Month') {
    // Whole leap cycles, so that the day of the start is one of its month again.
    const cycle = leastCommonMultiple(interval, 48)
    const months = Math.ceil(days / 28 / cycle) * cycle
    const date = new Date(Date.UTC(wall.year, wall.month - 1 - months, wall.day))
    return { ...trigger, start: momentOf({ ...wall, ...onCalendar(date) }, zone) }
  }
  const period = frequency === 'Week' ? 7 * interval : interval
  const back = Math.ceil(days / period) * period
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day - back))
  return { ...trigger, start: momentOf({ ...wall, ...onCalendar(date) }, zone) }
}

const onCalendar = (date: Date) => ({
  year: date.getUTCFullYear(),
  month: date.getUTCMonth() + 1,
  day: date.getUTCDate(),
})

function leastCommonMultiple(a: number, b: number): number {
  let [large, small] = [a, b]
  while (small > 0) [large, small] = [small, large % small]
  return (a / large) * b
}
