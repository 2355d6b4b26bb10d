/** A length of time as calendars have it: months have no fixed length. */
export interface CalendarDuration {
  readonly months: number
  readonly ms: number
}

const dayMs = 86_400_000

/** Reads an ISO 8601 duration, of calendar units too: `P7D`, `P1M`, `PT5M`, `P2W`. Undefined for anything else. */
export function parseCalendarDuration(text: string): CalendarDuration | undefined {
  const match =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(
      text.trim(),
    )
  const parts = match?.slice(1)
  if (parts === undefined || parts.every((part) => part === undefined)) return undefined
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map(
    (part) => Number(part ?? 0),
  )
  return {
    months: years * 12 + months,
    ms: (weeks * 7 + days) * dayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000,
  }
}

/** The moment that is so long before another, in UTC; a day that a month does not have is its last. */
export function before(at: Date, { months, ms }: CalendarDuration): Date {
  const day = new Date(at)
  if (months > 0) {
    day.setUTCDate(1)
    day.setUTCMonth(day.getUTCMonth() - months)
    const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate()
    day.setUTCDate(Math.min(at.getUTCDate(), last))
  }
  return new Date(day.getTime() - ms)
}

/** A length in ms as ISO 8601 has it, in days where it is whole ones: `P7D`, `PT90M`. */
export function spellDuration(ms: number): string {
  if (ms % dayMs === 0) return `P${ms / dayMs}D`
  const seconds = Math.round(ms / 1000)
  if (seconds % 3600 === 0) return `PT${seconds / 3600}H`
  return seconds % 60 === 0 ? `PT${seconds / 60}M` : `PT${seconds}S`
}
