import { UserError } from '../../../kernel/errors.ts'
import { below, complain, isMap } from '../../../kernel/grammar/place.ts'
import type { Place } from '../../../kernel/grammar/place.ts'
import { isScalar, listOf, oneOf } from '../../../kernel/grammar/values.ts'
import type { Read } from '../../../kernel/grammar/values.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { parseOrThrow } from '../../../kernel/resources/schema.ts'
import { readTrigger, triggerSchema } from '../../../training/schedules/trigger.ts'
import { startEvents, type PlanStart } from '../plan.ts'
import { fieldsOf, nameOf, optional } from '../../../kernel/grammar/fields.ts'

const events = listOf(oneOf(...startEvents), { single: true, what: 'what starts releases' })

/** What no plan has to say: a version that is registered is a candidate. */
const byDefault: PlanStart = { on: ['model_registered'], tags: {}, alias: 'challenger' }

/** `start:` of a plan: `by_hand`, `model_registered`, `[model_registered, alias]`, or `{ on, tags, alias, schedule }`. */
export function readStart(place: Place, value: unknown): PlanStart | undefined {
  if (value === undefined || value === null) return byDefault
  if (value === 'by_hand') return { ...byDefault, on: [] }
  if (!isMap(value)) {
    const on = events(place, value)
    return on === undefined ? undefined : needsTrigger(place, { ...byDefault, on })
  }
  const fields = fieldsOf(place, value, ['on', 'tags', 'alias', 'schedule'], {
    what: 'a start',
    example: '{ on: [model_registered], tags: { candidate: "true" } }',
  })
  if (fields === undefined) return undefined
  const before = place.mistakes.length
  const trigger =
    fields['schedule'] == null ? undefined : readSchedule(below(place, 'schedule'), fields['schedule'])
  const implied = [
    ...(fields['alias'] == null ? [] : ['alias' as const]),
    ...(fields['schedule'] == null ? [] : ['schedule' as const]),
  ]
  const on = optional(place, fields, 'on', events, implied.length === 0 ? byDefault.on : implied)
  const tags = optional(place, fields, 'tags', readTags, {})
  const alias = optional(place, fields, 'alias', nameOf('an alias'), byDefault.alias)
  if (on === undefined || tags === undefined || alias === undefined || place.mistakes.length > before)
    return undefined
  for (const event of implied)
    if (!on.includes(event))
      complain(below(place, event), ` starts nothing while on: does not name ${event}`, { part: 'key' })
  return needsTrigger(place, { on, tags, alias, ...(trigger === undefined ? {} : { trigger }) })
}

function needsTrigger(place: Place, start: PlanStart): PlanStart | undefined {
  return start.on.includes('schedule') && start.trigger === undefined
    ? complain(place, ': a schedule needs its times', { hint: 'schedule: { cron: "0 6 * * MON" }' })
    : start
}

const readTags: Read<Readonly<Record<string, string>>> = (place, value) => {
  if (!isMap(value)) return complain(place, ' are no map', { hint: '{ candidate: "true" }' })
  const entries = Object.entries(value)
  const bad = entries.find(([, of]) => !isScalar(of))
  return bad === undefined
    ? Object.fromEntries(entries.map(([name, of]) => [name, String(of)]))
    : complain(below(place, bad[0]), ' is not a value of a tag')
}

/** `{ cron: "0 6 * * MON", time_zone }`, or `{ frequency: week, interval: 1, schedule: {…} }` as schedules of jobs have it. */
function readSchedule(place: Place, value: unknown): Json | undefined {
  const fields = fieldsOf(
    place,
    value,
    ['cron', 'frequency', 'interval', 'schedule', 'start_time', 'end_time', 'time_zone'],
    { what: 'a schedule', example: '{ cron: "0 6 * * MON", time_zone: Europe/Berlin }' },
  )
  if (fields === undefined) return undefined
  const { cron, frequency, interval, schedule, start_time, end_time, time_zone } = fields
  const pattern = isMap(schedule)
    ? {
        hours: schedule['hours'],
        minutes: schedule['minutes'],
        weekDays: schedule['week_days'],
        monthDays: schedule['month_days'],
      }
    : undefined
  const given = {
    triggerType: cron === undefined ? 'Recurrence' : 'Cron',
    expression: cron,
    frequency,
    interval,
    schedule: pattern,
    startTime: start_time,
    endTime: end_time,
    timeZone: time_zone,
  }
  const trigger = Object.fromEntries(Object.entries(given).filter(([, of]) => of !== undefined))
  try {
    readTrigger(parseOrThrow(triggerSchema, trigger, 'A schedule'), new Date(0))
    return trigger
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return complain(place, `: ${error.message}`)
  }
}
