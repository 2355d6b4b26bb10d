import { Cron } from 'croner'
import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import { oneOf } from '../../kernel/resources/schema.ts'
import { nextRecurrence } from './recurrence.ts'
import { momentOf, zoneOf, type WallTime } from './zone.ts'

const numbers = z.union([z.array(z.int()), z.int().transform((n) => [n])]).nullish()
const times = {
  startTime: z.string().nullish(),
  endTime: z.string().nullish(),
  timeZone: z.string().nullish(),
}
export const weekDays = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const

/** Azure's two kinds of trigger, told apart by what is in them where `triggerType` is not said. */
export const triggerSchema = z.looseObject({
  triggerType: oneOf(['Cron', 'Recurrence']).nullish(),
  ...times,
  expression: z.string().nullish(),
  frequency: oneOf(['Minute', 'Hour', 'Day', 'Week', 'Month']).nullish(),
  interval: z.int().min(1).max(1000).nullish(),
  schedule: z
    .looseObject({
      hours: numbers,
      minutes: numbers,
      weekDays: z.array(oneOf(weekDays)).nullish(),
      monthDays: numbers,
    })
    .nullish(),
})
export type TriggerProperties = z.infer<typeof triggerSchema>

/** A trigger, read: all that `nextRun` needs. */
export type Trigger = {
  /** IANA's name. */
  readonly zone: string
  /** Nothing is due before; intervals are counted from here. */
  readonly start: Date
  readonly end: Date | undefined
} & (
  | { readonly kind: 'cron'; readonly expression: string }
  | {
      readonly kind: 'recurrence'
      readonly frequency: 'Minute' | 'Hour' | 'Day' | 'Week' | 'Month'
      readonly interval: number
      readonly hours: readonly number[]
      readonly minutes: readonly number[]
      /** 0 for Sunday. */
      readonly weekDays: readonly number[]
      /** 1 to 31; -1 for the last day of a month. */
      readonly monthDays: readonly number[]
    }
)

/** Reads a trigger; `created` stands for the start where none is said. Throws validation naming the field. */
export function readTrigger(given: TriggerProperties, created: Date): Trigger {
  const zone = zoneOf(given.timeZone)
  const start = timeOf(given.startTime, zone, 'startTime') ?? created
  const end = timeOf(given.endTime, zone, 'endTime')
  if (end !== undefined && end <= start)
    throw wrong('The end of the schedule is before its start.', 'endTime')
  const isCron = given.triggerType === 'Cron' || (!given.triggerType && given.expression)
  return isCron
    ? { kind: 'cron', zone, start, end, expression: readExpression(given.expression ?? '') }
    : { ...readRecurrence(given), zone, start, end }
}

const wrong = (message: string, field: string) =>
  errors.validation(message, { target: `properties.trigger.${field}` })

/** `2026-01-31T10:15:00`, with a space in place of the T, in the trigger's zone or with one of its own. */
function timeOf(text: string | null | undefined, zone: string, field: string): Date | undefined {
  if (text === undefined || text === null || text === '') return undefined
  const match =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(
      text.trim(),
    )
  const offset = match?.[7]
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (match ?? [])
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const at: WallTime = { year, month, day, hour, minute, second }
  const moment =
    match === null
      ? undefined
      : offset === undefined
        ? momentOf(at, zone)
        : new Date(text.trim().replace(' ', 'T'))
  if (moment !== undefined && !Number.isNaN(moment.getTime()) && isOnCalendar(at)) return moment
  throw wrong(`'${text}' is no time: expected 2026-01-31T10:15:00.`, field)
}

const isOnCalendar = ({ year, month, day, hour, minute, second }: WallTime) =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day &&
  month <= 12 &&
  hour < 24 &&
  minute < 60 &&
  second < 60

function readExpression(expression: string): string {
  const fields = expression.trim().split(/\s+/)
  if (fields.length !== 5)
    throw wrong(
      `'${expression}' is no cron expression of five fields: minutes, hours, days, months, days of the week.`,
      'expression',
    )
  try {
    cronOf(fields.join(' '), 'UTC')
  } catch (error) {
    throw wrong(
      `'${expression}' is no cron expression: ${(error as Error).message.replace(/^CronPattern: /, '')}`,
      'expression',
    )
  }
  return fields.join(' ')
}

/** As NCronTab has it, days of the month and of the week must both fit. */
const cronOf = (expression: string, timezone: string) => new Cron(expression, { timezone, domAndDow: true })

function readRecurrence({ frequency, interval, schedule }: TriggerProperties) {
  if (!frequency)
    throw wrong('A recurrence needs its frequency: minute, hour, day, week or month.', 'frequency')
  const { hours, minutes, weekDays: days, monthDays } = schedule ?? {}
  const within = (values: readonly number[] | null | undefined, low: number, high: number, field: string) => {
    const bad = (values ?? []).find((n) => n < low || n > high)
    if (bad !== undefined)
      throw wrong(`${bad} is none of the ${field}, ${low} to ${high}.`, `schedule.${field}`)
    return [...new Set(values ?? [])].toSorted((a, b) => a - b)
  }
  const pattern = {
    hours: within(hours, 0, 23, 'hours'),
    minutes: within(minutes, 0, 59, 'minutes'),
    weekDays: (days ?? []).map((day) => weekDays.indexOf(day)),
    monthDays: within(monthDays, -1, 31, 'monthDays'),
  }
  if (pattern.monthDays.includes(0)) throw wrong('0 is no day of a month.', 'schedule.monthDays')
  const refuse = (field: keyof typeof pattern, allowed: readonly string[]) => {
    if (pattern[field].length > 0 && !allowed.includes(frequency))
      throw wrong(
        `schedule.${field} is for a frequency of ${allowed.join(' or ').toLowerCase()}, not ${frequency.toLowerCase()}.`,
        `schedule.${field}`,
      )
  }
  refuse('hours', ['Day', 'Week', 'Month'])
  refuse('minutes', ['Day', 'Week', 'Month'])
  refuse('weekDays', ['Week'])
  refuse('monthDays', ['Month'])
  return { kind: 'recurrence', frequency, interval: interval ?? 1, ...pattern } as const
}

/** The first time after a moment at which the trigger is due; undefined if there is none any more. Pure. */
export function nextRun(trigger: Trigger, after: Date): Date | undefined {
  // A time that is the start itself is due.
  const from = after < trigger.start ? new Date(trigger.start.getTime() - 1) : after
  const next =
    trigger.kind === 'cron'
      ? (cronOf(trigger.expression, trigger.zone).nextRun(from) ?? undefined)
      : nextRecurrence(trigger, from)
  return next !== undefined && trigger.end !== undefined && next > trigger.end ? undefined : next
}

/** The last time before a moment at which a cron expression was due, however long ago that is; undefined if there is none. Pure. */
export function lastRun(trigger: Extract<Trigger, { kind: 'cron' }>, before: Date): Date | undefined {
  return cronOf(trigger.expression, trigger.zone).previousRuns(1, before)[0]
}

const dayMs = 86_400_000

/**
 * How often a trigger is due, in ms: of a recurrence, its interval as Azure ML counts it for windows of monitors (a month
 * is 30 days); of a cron expression, the longest of the gaps that follow a moment. A day where it is due once only.
 */
export function periodOf(trigger: Trigger, at: Date): number {
  if (trigger.kind === 'recurrence') {
    const units = { Minute: 60_000, Hour: 3_600_000, Day: dayMs, Week: 7 * dayMs, Month: 30 * dayMs }
    return units[trigger.frequency] * trigger.interval
  }
  const due: Date[] = []
  const endless = { ...trigger, end: undefined }
  for (let next = nextRun(endless, at); next !== undefined && due.length < 8; next = nextRun(endless, next))
    due.push(next)
  const gaps = due.slice(1).map((time, i) => time.getTime() - (due[i]?.getTime() ?? 0))
  return gaps.length === 0 ? dayMs : Math.max(...gaps)
}
