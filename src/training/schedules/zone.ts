import { findIana } from 'windows-iana'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'

/** A moment as a clock on the wall shows it; `month` is 1 for January. */
export interface WallTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** Azure writes zones as Windows does (`Pacific Standard Time`); IANA's names are understood, too. Throws validation. */
export function zoneOf(name: string | null | undefined): string {
  const given = (name ?? '').trim()
  if (given === '' || /^(?:utc|gmt|coordinated universal time)$/i.test(given)) return 'UTC'
  const windows = findIana(given)[0]
  if (windows !== undefined) return windows
  const iana = knownZone(given)
  if (iana !== undefined) return iana
  const near = nearest(given, Intl.supportedValuesOf('timeZone'))
  throw errors.validation(
    `'${given}' is no time zone: expected a name as Windows has it (Pacific Standard Time) or as IANA has it (${near ?? 'Europe/Berlin'}).`,
    { target: 'properties.trigger.timeZone' },
  )
}

function knownZone(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, made)
  return made
}

/** What the clocks of a zone show at a moment. */
export function wallTime(at: Date, zone: string): WallTime {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  return {
    year: of('year'),
    month: of('month'),
    day: of('day'),
    hour: of('hour'),
    minute: of('minute'),
    second: of('second'),
  }
}

const asUtc = ({ year, month, day, hour, minute, second }: WallTime) =>
  Date.UTC(year, month - 1, day, hour, minute, second)

/**
 * The moment at which the clocks of a zone show a time. A time that is shown twice, when clocks go back, means the first;
 * one that is never shown, when they go forward, means as long after midnight as it says: 02:30 is 03:30 on that day.
 */
export function momentOf(wall: WallTime, zone: string): Date {
  const wanted = asUtc(wall)
  const day = 86_400_000
  const offset = (at: number) => asUtc(wallTime(new Date(at), zone)) - at
  // The offsets before and after whatever change there may be on that day.
  const [before, after] = [offset(wanted - day), offset(wanted + day)]
  const fits = [before, after].map((o) => wanted - o).filter((at) => at + offset(at) === wanted)
  return new Date(fits.length > 0 ? Math.min(...fits) : wanted - before)
}
