import { parseDuration } from '../duration.ts'
import { nearest } from '../nearest.ts'
import { below, complain, isMap, isText, shown } from './place.ts'
import type { Place } from './place.ts'

/** What YAML and JSON have as a single value. */
export type Scalar = string | number | boolean

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

export const flag: Read<boolean> = (place, value) =>
  typeof value === 'boolean' ? value : complain(place, `: ${shown(value)} is not true or false`)

export const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value))

export const scalar: Read<Scalar> = (place, value) =>
  isScalar(value) ? value : complain(place, `: ${shown(value)} is not a value`)

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

/** One of a few words, in any case. */
export const oneOf =
  <const W extends string>(...words: readonly W[]): Read<W> =>
  (place, value) => {
    const found = words.find((word) => isText(value) && word === value.trim().toLowerCase())
    if (found !== undefined) return found
    const near = isText(value) ? nearest(value, words) : undefined
    return complain(place, `: ${shown(value)} is not one of ${words.join(', ')}`, {
      hint: near === undefined ? undefined : `did you mean ${near}?`,
    })
  }
