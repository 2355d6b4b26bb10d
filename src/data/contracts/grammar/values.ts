import { parseDuration } from '../../../kernel/duration.ts'
import type { Range, Scalar } from '../contract.ts'
import { below, complain, isMap, isText, shown, unknownKey } from './place.ts'
import type { Fields, Place } from './place.ts'

/** Reads one value, or complains of it and gives undefined. */
export type Read<T> = (place: Place, value: unknown) => T | undefined

export const number: Read<number> = (place, value) => {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof found === 'number' && Number.isFinite(found)) return found
  return complain(place, `: ${shown(value)} is not a number`)
}

export const count: Read<number> = (place, value) => {
  const found = typeof value === 'string' ? Number(value.replaceAll('_', '')) : value
  if (typeof found === 'number' && Number.isSafeInteger(found) && found >= 0) return found
  return complain(place, `: ${shown(value)} is not a whole number of at least 0`)
}

/** A part of a whole: `2%` or `0.02`. */
export const share: Read<number> = (place, value) => {
  const percent = typeof value === 'string' ? /^\s*([\d.]+)\s*%\s*$/i.exec(value)?.[1] : undefined
  const plain = typeof value === 'number' ? value : isText(value) ? Number(value) : Number.NaN
  const found = percent === undefined ? plain : percentOf(percent)
  if (found >= 0 && found <= 1) return found
  const hint =
    percent === undefined && found > 1 && found <= 100
      ? `${found}% or ${percentOf(String(found))}`
      : undefined
  return complain(place, `: ${shown(value)} is not a share between 0 and 1, or 0% and 100%`, { hint })
}

/** By shifting the decimal point, as 2.3 / 100 is not 0.023. */
const percentOf = (digits: string) => Number(`${digits}e-2`)

const units: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 }

/** `30m`, `36h`, `40d`, `2w` or ISO 8601 (`P40D`), in milliseconds. */
export const duration: Read<number> = (place, value) => {
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*([smhdw])$/i.exec(value.trim()) : null
  const found =
    match === null
      ? parseDuration(typeof value === 'string' ? value : '')
      : Number(match[1]) * (units[(match[2] ?? '').toLowerCase()] ?? Number.NaN)
  if (found !== undefined && found > 0) return found
  const hint =
    typeof value === 'number' ? `${value}d for days, ${value}h for hours` : 'such as 30m, 36h, 40d, 2w'
  return complain(place, `: ${shown(value)} is not a duration`, { hint })
}

export const text: Read<string> = (place, value) =>
  isText(value) ? value : complain(place, `: ${shown(value)} is not text`)

/** A name of a column, which YAML may have read as a number or a boolean. */
export const name: Read<string> = (place, value) =>
  isScalar(value) && String(value) !== ''
    ? String(value)
    : complain(place, `: ${shown(value)} is not the name of a column`)

export const flag: Read<boolean> = (place, value) =>
  typeof value === 'boolean' ? value : complain(place, `: ${shown(value)} is not true or false`)

export const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value))

export const scalar: Read<Scalar> = (place, value) =>
  isScalar(value) ? value : complain(place, `: ${shown(value)} is not a value`)

/** A number, or a date or time as text: what can be more or less than something. */
export const ordered: Read<number | string> = (place, value) =>
  typeof value === 'number' && Number.isFinite(value)
    ? value
    : isText(value)
      ? value
      : complain(place, `: ${shown(value)} is not a number, a date or a text`)

/** A list of at least one, or where it says so also a single one. */
export const listOf =
  <T>(of: Read<T>, options: { readonly single?: boolean; readonly what: string }): Read<readonly T[]> =>
  (place, value) => {
    if (
      !Array.isArray(value) &&
      options.single === true &&
      value !== null &&
      value !== undefined &&
      !isMap(value)
    ) {
      const one = of(place, value)
      return one === undefined ? undefined : [one]
    }
    if (!Array.isArray(value)) return complain(place, `: ${shown(value)} is not a list of ${options.what}`)
    if (value.length === 0) return complain(place, ` is an empty list`, { hint: `name ${options.what}` })
    const read = value.map((item, i) => of(below(place, i), item))
    return read.every((item) => item !== undefined) ? read : undefined
  }

export const names = listOf(name, { single: true, what: 'columns' })

/** One of a few words, in any case. */
export const oneOf =
  <const W extends string>(...words: readonly W[]): Read<W> =>
  (place, value) => {
    const found = words.find((word) => isText(value) && word === value.trim().toLowerCase())
    return found ?? complain(place, `: ${shown(value)} is not one of ${words.join(', ')}`)
  }

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
