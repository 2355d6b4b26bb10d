import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import type { Schedule, Trigger } from '../yaml/shapes/schedule.ts'
import { pascal } from './values.ts'

/** The body of `PUT …/schedules/{name}`. */
export const scheduleBody = (schedule: Schedule, action: Json, isEnabled: boolean): Json => ({
  properties: clean({
    displayName: schedule.display_name,
    description: schedule.description,
    tags: schedule.tags ?? {},
    properties: schedule.properties ?? {},
    isEnabled,
    trigger: triggerBody(schedule.trigger),
    action,
  }),
})

export function triggerBody(trigger: Trigger): Json {
  const times = {
    startTime: trigger.start_time,
    endTime: trigger.end_time,
    timeZone: trigger.time_zone ?? trigger.timezone ?? 'UTC',
  }
  if (trigger.type === 'cron') return clean({ triggerType: 'Cron', expression: trigger.expression, ...times })
  const {
    hours,
    minutes,
    week_days: weekDays,
    month_days: monthDays,
  } = trigger.schedule ?? trigger.pattern ?? {}
  return clean({
    triggerType: 'Recurrence',
    frequency: trigger.frequency === undefined ? undefined : pascal(trigger.frequency),
    interval: trigger.interval ?? 1,
    schedule: clean({
      hours: listed(hours) ?? [],
      minutes: listed(minutes) ?? [],
      weekDays: listed(weekDays)?.map(pascal),
      monthDays: listed(monthDays),
    }),
    ...times,
  })
}

const listed = <T extends string | number>(value: T | readonly T[] | undefined): readonly T[] | undefined =>
  value === undefined ? undefined : typeof value === 'object' ? value : [value]
