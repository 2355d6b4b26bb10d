import { below, complain, isMap, isText, shown, unknownKey } from '../../../kernel/grammar/place.ts'
import type { Fields, Place } from '../../../kernel/grammar/place.ts'
import { flag, isScalar, listOf } from '../../../kernel/grammar/values.ts'
import type { Read } from '../../../kernel/grammar/values.ts'
import type { Range } from '../contract.ts'

/** A name of a column, which YAML may have read as a number or a boolean. */
export const name: Read<string> = (place, value) =>
  isScalar(value) && String(value) !== ''
    ? String(value)
    : complain(place, `: ${shown(value)} is not the name of a column`)

/** A number, or a date or time as text: what can be more or less than something. */
export const ordered: Read<number | string> = (place, value) =>
  typeof value === 'number' && Number.isFinite(value)
    ? value
    : isText(value)
      ? value
      : complain(place, `: ${shown(value)} is not a number, a date or a text`)

export const names = listOf(name, { single: true, what: 'columns' })

const bounds = ['min', 'max', 'above', 'below', 'equals', 'strict_min', 'strict_max'] as const
/** Keys that a range takes, for messages and for telling a range from other maps. */
export const rangeKeys: readonly string[] = bounds

/**
 * `[0, 6000]` (null for an open end), `{ min, max }`, `{ above, below }` for ends that do not belong to it (or
 * `strict_min: true`), `{ equals }`. `single` says what a bare value means, if it may stand there.
 */
export const rangeOf =
  <T extends number | string>(
    of: Read<T>,
    options: { readonly single?: 'min' | 'max' | 'equals' } = {},
  ): Read<Range<T>> =>
  (place, value) => {
    if (Array.isArray(value)) return checked(place, pair(place, value, of))
    if (isMap(value)) return checked(place, fromMap(place, value, of))
    if (options.single === undefined || value === null || value === undefined)
      return complain(place, `: ${shown(value)} is not a range`, {
        hint: '[0, 10], or { min: 0 }, { above: 0 }',
      })
    const one = of(place, value)
    if (one === undefined) return undefined
    return options.single === 'equals' ? { min: one, max: one } : { [options.single]: one }
  }

function pair<T>(place: Place, value: readonly unknown[], of: Read<T>): Range<T> | undefined {
  if (value.length !== 2)
    return complain(place, `: a range has two ends, and this has ${value.length}`, {
      hint: 'null leaves one open',
    })
  const [min, max] = value.map((end, i) => (end === null ? null : of(below(place, i), end)))
  if (min === undefined || max === undefined) return undefined
  return { ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) }
}

function fromMap<T>(place: Place, value: Fields, of: Read<T>): Range<T> | undefined {
  const found: { -readonly [K in keyof Range<T>]: Range<T>[K] } = {}
  let sound = true
  for (const [key, end] of Object.entries(value)) {
    const at = below(place, key)
    if (!rangeKeys.includes(key)) {
      unknownKey(at, 'an end of a range', bounds)
      sound = false
    } else if (key === 'strict_min' || key === 'strict_max') sound = flag(at, end) !== undefined && sound
    else if (end !== null) {
      const read = of(at, end)
      if (read === undefined) sound = false
      else if (key === 'equals') [found.min, found.max] = [read, read]
      else found[key as keyof Range] = read
    }
  }
  if (!sound) return undefined
  return strictly(strictly(found, 'min', 'above', value['strict_min']), 'max', 'below', value['strict_max'])
}

function strictly<T>(range: Range<T>, end: 'min' | 'max', strict: 'above' | 'below', is: unknown): Range<T> {
  const { [end]: bound, ...rest } = range
  return is === true && bound !== undefined ? { ...rest, [strict]: bound } : range
}

function checked<T extends number | string>(place: Place, range: Range<T> | undefined): Range<T> | undefined {
  if (range === undefined) return undefined
  const [low, high] = [range.above ?? range.min, range.below ?? range.max]
  if (low === undefined && high === undefined)
    return complain(place, ' has no end', { hint: '[0, 10], or { min: 0 }, { above: 0 }' })
  if (
    (range.above !== undefined && range.min !== undefined) ||
    (range.below !== undefined && range.max !== undefined)
  )
    return complain(place, ' has two ends on one side', {
      hint: 'min and max belong to the range, above and below do not',
    })
  if (low === undefined || high === undefined) return range
  if (typeof low !== typeof high) return complain(place, ': one end is a number and the other is text')
  const isEmpty = low > high || (low === high && (range.above !== undefined || range.below !== undefined))
  return isEmpty ? complain(place, `: nothing lies between ${low} and ${high}`) : range
}
