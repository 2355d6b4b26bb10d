import { call, respond } from './call.ts'
import type { Resource } from './resource.ts'

export interface Trigger {
  readonly triggerType?: string
  readonly expression?: string
  readonly frequency?: string
  readonly interval?: number
  readonly timeZone?: string
  readonly startTime?: string
  readonly endTime?: string
  readonly schedule?: {
    readonly hours?: readonly number[]
    readonly minutes?: readonly number[]
    readonly weekDays?: readonly string[]
    readonly monthDays?: readonly number[]
  }
}

export interface ScheduleProperties {
  readonly displayName?: string
  readonly description?: string
  readonly isEnabled: boolean
  readonly trigger: Trigger
  readonly action: {
    readonly actionType: string
    readonly endpointInvocationDefinition?: { readonly endpoint?: string }
  }
  /** When it is due next; not while it is paused or over. */
  readonly nextRun?: string
  readonly lastRun?: {
    readonly due: string
    readonly at: string
    readonly id?: string
    readonly error?: string
  }
}
export type Schedule = Resource<ScheduleProperties>

/** Makes it now, beside its times; answers with the name of what was made. */
export const triggerNow = async (schedule: Schedule): Promise<string> =>
  (
    await call<{ submissionId: string }>(`${schedule.id}/trigger`, {
      method: 'POST',
      body: { scheduleTime: new Date().toISOString() },
    })
  ).submissionId

export const setEnabled = (schedule: Schedule, isEnabled: boolean) =>
  respond(schedule.id, { method: 'PATCH', body: { properties: { isEnabled } } })

const two = (value: number) => String(value).padStart(2, '0')

/** When a schedule is due, in words: `every day at 06:00`, `cron 0 6 1 * *`. */
export function triggerWords({ expression, frequency, interval = 1, schedule, timeZone }: Trigger): string {
  const zone = timeZone === undefined || timeZone === 'UTC' ? 'UTC' : timeZone
  if (expression !== undefined) return `cron ${expression}, ${zone}`
  const unit = (frequency ?? 'day').toLowerCase()
  const often = interval === 1 ? `every ${unit}` : `every ${interval} ${unit}s`
  const { hours = [], minutes = [0], weekDays = [], monthDays = [] } = schedule ?? {}
  const days = [
    ...(weekDays.length === 0 ? [] : [`on ${weekDays.join(', ')}`]),
    ...(monthDays.length === 0 ? [] : [`on day ${monthDays.join(', ')}`]),
  ]
  const times = hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${two(minute)}`))
  return [often, ...days, ...(times.length === 0 ? [] : [`at ${times.join(', ')}`]), zone].join(' ')
}
