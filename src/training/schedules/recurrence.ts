import type { Trigger } from './trigger.ts'
import { momentOf, wallTime, type WallTime } from './zone.ts'

type Recurrence = Extract<Trigger, { kind: 'recurrence' }>

const fixed: Readonly<Partial<Record<Recurrence['frequency'], number>>> = { Minute: 60_000, Hour: 3_600_000 }
const dayMs = 86_400_000

/** A pattern that fits none of so many periods fits none. */
const mostPeriods = 500

/**
 * The first time after a moment. Minutes and hours are counted from the start, whatever clocks do; days, weeks and months
 * by the calendar of the zone, at the hours and minutes of the pattern or else at those of the start. Weeks begin on
 * Monday. Without days of its own, a month has the day of the start, or its last.
 */
export function nextRecurrence(trigger: Recurrence, after: Date): Date | undefined {
  const { frequency, interval, start } = trigger
  const step = fixed[frequency]
  if (step !== undefined) {
    const past = Math.floor((after.getTime() - start.getTime()) / (step * interval)) + 1
    return new Date(start.getTime() + Math.max(0, past) * step * interval)
  }
  const first = periodsBefore(trigger, after)
  for (let period = first; period < first + mostPeriods; period++) {
    const due = timesIn(trigger, period).find((at) => at > after && at >= start)
    if (due !== undefined) return due
  }
  return undefined
}

/** A period, counted from the start's, that is over at the moment or nearly so. */
function periodsBefore({ frequency, interval, start, zone }: Recurrence, after: Date): number {
  const [from, to] = [wallTime(start, zone), wallTime(after, zone)]
  const days = (midnight(to) - midnight(from)) / dayMs
  const passed =
    frequency === 'Day'
      ? days
      : frequency === 'Week'
        ? days / 7
        : (to.year - from.year) * 12 + to.month - from.month
  return Math.max(0, Math.floor(passed / interval) - 1)
}

const midnight = ({ year, month, day }: WallTime) => Date.UTC(year, month - 1, day)

/** All times in one period, in their order. */
function timesIn(trigger: Recurrence, period: number): readonly Date[] {
  const { start, zone, hours, minutes } = trigger
  const from = wallTime(start, zone)
  const hasPattern = hours.length > 0 || minutes.length > 0
  const [atHours, atMinutes] = [
    hours.length > 0 ? hours : [from.hour],
    minutes.length > 0 ? minutes : [from.minute],
  ]
  const second = hasPattern ? 0 : from.second
  return daysIn(trigger, from, period)
    .flatMap((day) => {
      const date = new Date(day)
      const on = {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        second,
      }
      return atHours.flatMap((hour) => atMinutes.map((minute) => momentOf({ ...on, hour, minute }, zone)))
    })
    .toSorted((a, b) => a.getTime() - b.getTime())
}

/** Midnights, as if in UTC, of the days of one period. */
function daysIn(
  { frequency, interval, weekDays, monthDays }: Recurrence,
  from: WallTime,
  period: number,
): readonly number[] {
  const first = midnight(from)
  if (frequency === 'Day') return [first + period * interval * dayMs]
  if (frequency === 'Week') {
    const monday = first - ((new Date(first).getUTCDay() + 6) % 7) * dayMs + period * interval * 7 * dayMs
    const days = weekDays.length > 0 ? weekDays : [new Date(first).getUTCDay()]
    return days.map((day) => monday + ((day + 6) % 7) * dayMs)
  }
  const month = from.month - 1 + period * interval
  const last = new Date(Date.UTC(from.year, month + 1, 0)).getUTCDate()
  const days =
    monthDays.length > 0
      ? monthDays.map((day) => (day < 0 ? last : day)).filter((day) => day <= last)
      : [Math.min(from.day, last)]
  return days.map((day) => Date.UTC(from.year, month, day))
}
