import type { Past } from '../../../api/alerts/rules.ts'
import { plural } from '../../../words/names.ts'
import { duration } from '../../../words/time.ts'

const dayMs = 86_400_000

/** `30 days`, `12 hours`: the time that was looked at. */
export function spanOf({ from, to }: Pick<Past, 'from' | 'to'>): string {
  const days = (Date.parse(to) - Date.parse(from)) / dayMs
  return days >= 2 ? plural(Math.round(days), 'day') : plural(Math.max(1, Math.round(days * 24)), 'hour')
}

/** What a rule would have done, in a sentence: `Would have fired 3 times in 30 days, for 4 h 00 m in all.` */
export function verdictOf(
  past: Pick<Past, 'from' | 'to' | 'firings' | 'looks' | 'withoutData' | 'error'>,
): string {
  const { firings, looks, withoutData, error } = past
  if (error !== undefined) return `It cannot be looked at: ${error}`
  if (looks === 0 || withoutData === looks)
    return `Nothing was measured in ${spanOf(past)} that it could be about.`
  const span = spanOf(past)
  if (firings.length === 0) return `Would not have fired in ${span}.`
  const end = Date.parse(past.to)
  const lasted = firings.reduce(
    (sum, { from, to }) => sum + (to === null ? end : Date.parse(to)) - Date.parse(from),
    0,
  )
  const times = firings.length === 1 ? 'once' : plural(firings.length, 'time')
  const still = firings.some(({ to }) => to === null) ? ', and would still' : ''
  return `Would have fired ${times} in ${span}, for ${duration(lasted)} in all${still}.`
}
