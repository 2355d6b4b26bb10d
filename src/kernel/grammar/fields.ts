import { below, complain, isMap, shown, unknownKey } from './place.ts'
import type { Fields, Place } from './place.ts'
import type { Read } from './values.ts'

/** The fields of a map that knows only these keys; complains of any other, with the nearest, and of what is no map. */
export function fieldsOf(
  place: Place,
  value: unknown,
  known: readonly string[],
  says: { readonly what: string; readonly example: string },
): Fields | undefined {
  if (!isMap(value)) return complain(place, `: ${shown(value)} is not ${says.what}`, { hint: says.example })
  for (const key of Object.keys(value))
    if (!known.includes(key)) unknownKey(below(place, key), `a setting of ${says.what}`, known)
  return value
}

/** True where no key is a misspelt other one, so that what is missing is really missing. */
export const isWhole = (fields: Fields, known: readonly string[]): boolean =>
  Object.keys(fields).every((key) => known.includes(key))

/** A field that may be left out: `otherwise` where it is. */
export function optional<T>(
  place: Place,
  fields: Fields,
  key: string,
  read: Read<T>,
  otherwise: T,
): T | undefined {
  const value = fields[key]
  return value === undefined || value === null ? otherwise : read(below(place, key), value)
}

/** The same, for one without a default: absent stays absent. */
export const perhaps = <T>(place: Place, fields: Fields, key: string, read: Read<T>): T | undefined =>
  optional<T | undefined>(place, fields, key, read, undefined)

/** What Azure calls things: letters, digits, `-`, `_` and `.`. */
export const nameOf =
  (what: string): Read<string> =>
  (place, value) => {
    const name = typeof value === 'number' ? String(value) : value
    return typeof name === 'string' && /^[A-Za-z0-9][\w. -]*$/.test(name)
      ? name
      : complain(place, `: ${shown(value)} is not the name of ${what}`)
  }

/** `20%` or 20, in percent. */
export const percent: Read<number> = (place, value) => {
  const digits = typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(value)?.[1] : undefined
  const found = typeof value === 'number' ? value : Number(digits ?? Number.NaN)
  if (Number.isInteger(found) && found >= 1 && found <= 100) return found
  const hint = found > 0 && found < 1 ? `did you mean ${Math.round(found * 100)}%?` : 'such as 20%'
  return complain(place, `: ${shown(value)} is not a whole percentage between 1% and 100%`, { hint })
}
