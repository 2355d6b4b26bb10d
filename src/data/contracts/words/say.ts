import type { Cell } from '../../../analytics/analytics.ts'
import type { Range } from '../contract.ts'

/** `336,776`, `0.0213`: whole numbers in full, others to four significant digits. */
export const quantity = (value: number): string =>
  Number.isInteger(value)
    ? value.toLocaleString('en-US')
    : Number.isFinite(value)
      ? value.toLocaleString('en-US', { maximumSignificantDigits: 4 })
      : Number.isNaN(value)
        ? 'NaN'
        : value > 0
          ? '∞'
          : '−∞'

/** A share as a percentage, never rounded to none or all when it is not. */
export function percent(share: number): string {
  const value = 100 * share
  if (value > 99.9 && value < 100) return '>99.9%'
  return `${value.toLocaleString('en-US', { maximumSignificantDigits: value >= 10 ? 3 : 2 })}%`
}

/** `1 row`, `12 rows`. */
export const plural = (count: number, noun: string): string =>
  `${quantity(count)} ${noun}${count === 1 ? '' : 's'}`

/** A value as it would be written: texts as they are, nothing as `null`. */
export function cell(value: Cell): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return value === '' ? "''" : cut(value)
  return typeof value === 'object' ? cut(JSON.stringify(value)) : String(value)
}

const longest = 60
const cut = (text: string) => (text.length <= longest ? text : `${text.slice(0, longest - 1)}…`)

/** `a, b and c`; of many the first ones: `a, b, c and 12 more`. */
export function listing(items: readonly string[], most = 6): string {
  if (items.length > most)
    return `${items.slice(0, most - 1).join(', ')} and ${quantity(items.length - most + 1)} more`
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** What lies in a range, as it follows a verb: `between 0 and 6,000`, `at least 1`, `more than 0 and at most 5`. */
export function inRange<T extends number | string>(
  range: Range<T>,
  show: (end: T) => string = (end) => end.toString(),
): string {
  const { min, max, above, below } = range
  if (min !== undefined && max !== undefined)
    return min === max ? show(min) : `between ${show(min)} and ${show(max)}`
  const low =
    min === undefined
      ? above === undefined
        ? undefined
        : `more than ${show(above)}`
      : `at least ${show(min)}`
  const high =
    max === undefined
      ? below === undefined
        ? undefined
        : `less than ${show(below)}`
      : `at most ${show(max)}`
  return [low, high].filter((end) => end !== undefined).join(' and ')
}

export const isWithin = ({ min, max, above, below }: Range, value: number): boolean =>
  (min === undefined || value >= min) &&
  (max === undefined || value <= max) &&
  (above === undefined || value > above) &&
  (below === undefined || value < below)

/** `40 days`, `36 hours`: in the largest unit of which it is at least two, or one exactly. */
export function span(ms: number): string {
  for (const [unit, length] of [
    ['day', 864e5],
    ['hour', 36e5],
    ['minute', 6e4],
  ] as const)
    if (ms >= 2 * length || ms === length) return plural(Math.floor(ms / length), unit)
  return plural(Math.max(0, Math.floor(ms / 1000)), 'second')
}
