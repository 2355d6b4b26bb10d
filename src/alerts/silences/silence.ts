import { below, complain, shown } from '../../kernel/grammar/place.ts'
import type { Fields, Mistake, Place } from '../../kernel/grammar/place.ts'
import { fieldsOf, optional, perhaps } from '../../kernel/grammar/fields.ts'
import { duration, text } from '../../kernel/grammar/values.ts'
import { UserError } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { beginningsOf, frozenUntil } from '../../release/plan/freeze.ts'
import { nextRun } from '../../training/schedules/trigger.ts'
import type { Matcher } from '../routing/matchers.ts'
import { readMatchers } from '../routing/read-matchers.ts'

/** What keeps alerts quiet for a time, or for a time again and again. */
export interface SilenceRule {
  readonly matchers: readonly Matcher[]
  /** When it begins: a moment, or a cron expression in its time zone. */
  readonly from: string
  readonly forMs: number
  readonly timeZone: string
  readonly reason: string
}

/** The words of a silence, as YAML and REST have them. */
export const silenceWords = ['matchers', 'from', 'to', 'for', 'time_zone', 'reason'] as const
const says = {
  what: 'a silence',
  example: '{ matchers: [endpoint="flight-delay"], for: 2h, reason: … }',
}

/**
 * Reads a silence as a person writes it; every mistake with its place. Without `from` it begins now; it lasts `for` a time or
 * until `to`.
 */
export function parseSilence(
  properties: Json,
  now: Date,
): { readonly silence?: SilenceRule; readonly mistakes: readonly Mistake[] } {
  const place: Place = { path: [], mistakes: [] }
  const silence = readSilence(place, properties, now)
  return place.mistakes.length === 0 && silence !== undefined
    ? { silence, mistakes: [] }
    : { mistakes: place.mistakes }
}

function readSilence(place: Place, properties: Json, now: Date): SilenceRule | undefined {
  const fields = fieldsOf(place, properties, silenceWords, says)
  if (fields === undefined) return undefined
  const matchers = readMatchers(below(place, 'matchers'), fields['matchers'])
  const timeZone = optional(place, fields, 'time_zone', text, 'UTC')
  const from = optional(place, fields, 'from', text, now.toISOString())
  const reason =
    fields['reason'] == null
      ? complain(place, 'A silence says why', { hint: 'reason: what those who miss the alerts should know' })
      : text(below(place, 'reason'), fields['reason'])
  if (from === undefined || timeZone === undefined) return undefined
  const begins = readBeginning(place, from, timeZone)
  const forMs = begins && readLength(place, fields, begins, timeZone)
  return matchers && reason !== undefined && forMs !== undefined
    ? { matchers, from, forMs, timeZone, reason }
    : undefined
}

/** A moment, or that it comes again and again. */
type Beginning = { readonly at: Date } | 'again and again'

function readBeginning(place: Place, from: string, timeZone: string): Beginning | undefined {
  const at = momentIn(from, timeZone)
  if (at instanceof Date) return { at }
  try {
    beginningsOf({ from, forMs: 1, timeZone })
    return 'again and again'
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const zone = error.target?.endsWith('timeZone') === true
    return complain(below(place, zone ? 'time_zone' : 'from'), `: ${error.message}`)
  }
}

/** A moment as ISO 8601 has it, with its own offset or in a zone; undefined for what begins with no date. */
function momentIn(textual: string, timeZone: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d/.test(textual)) return undefined
  if (/(?:Z|[+-]\d\d:?\d\d)$/i.test(textual) && !Number.isNaN(Date.parse(textual))) return new Date(textual)
  try {
    const trigger = beginningsOf({ from: textual, forMs: 1, timeZone })
    return trigger.start
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

function readLength(place: Place, fields: Fields, begins: Beginning, timeZone: string): number | undefined {
  const forMs = perhaps(place, fields, 'for', duration)
  if (fields['to'] == null)
    return fields['for'] == null
      ? complain(place, 'A silence ends', { hint: 'for: 2h, or to: a time' })
      : forMs
  const at = below(place, 'to')
  if (fields['for'] != null) return complain(at, ' and for: only one of them says when it ends')
  if (begins === 'again and again')
    return complain(at, ': one that comes again and again lasts for a time', { hint: 'for: 4h' })
  const said = text(at, fields['to'])
  const to = said === undefined ? undefined : momentIn(said, timeZone)
  if (said !== undefined && to === undefined)
    return complain(at, `: ${shown(said)} is not a time`, { hint: 'such as 2026-11-30T06:00' })
  if (to === undefined) return undefined
  const length = to.getTime() - begins.at.getTime()
  return length > 0 ? length : complain(at, ' is not after its beginning')
}

/** Whether a silence holds at a moment, until when, and when it begins next; pure. */
export function timesOf(silence: SilenceRule, now: Date): { readonly until?: Date; readonly next?: Date } {
  const { from, forMs, timeZone } = silence
  const at = momentIn(from, timeZone)
  if (at !== undefined) {
    const end = new Date(at.getTime() + forMs)
    if (now < at) return { next: at }
    return now < end ? { until: end } : {}
  }
  const held = frozenUntil([{ from, forMs, timeZone }], now)
  const next = nextRun(beginningsOf({ from, forMs, timeZone }), now)
  return {
    ...(held === undefined ? {} : { until: held.until }),
    ...(next === undefined ? {} : { next }),
  }
}
