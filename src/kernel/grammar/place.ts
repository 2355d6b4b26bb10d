import { nearest } from '../nearest.ts'

/** A mistake in a document that a user wrote, and where: keys of maps and places in lists from its root. */
export interface Mistake {
  readonly path: readonly (string | number)[]
  /** Whether the key is wrong or its value. */
  readonly part: 'key' | 'value'
  readonly message: string
  readonly hint?: string
}

/** Where reading is, and what was wrong until now. */
export interface Place {
  readonly path: readonly (string | number)[]
  readonly mistakes: Mistake[]
}

export const below = (place: Place, ...steps: readonly (string | number)[]): Place => ({
  ...place,
  path: [...place.path, ...steps],
})

/** `checks[2].carrier.in`. */
export const spelled = (path: readonly (string | number)[]): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('')

/** Notes a mistake; undefined, so that a reader can return it. */
export function complain(
  place: Place,
  message: string,
  options: { readonly hint?: string | undefined; readonly part?: 'key' | 'value' } = {},
): undefined {
  const { hint, part = 'value' } = options
  place.mistakes.push({
    path: place.path,
    part,
    message: place.path.length === 0 ? message : `${spelled(place.path)}${message}`,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** Notes that a key is none of those there are, with the nearest one. */
export function unknownKey(place: Place, what: string, known: readonly string[], hint?: string): undefined {
  const near = nearest(String(place.path.at(-1)), known)
  return complain(place, ` is not ${what}`, {
    part: 'key',
    hint: hint ?? (near === undefined ? `one of ${known.join(', ')}` : `did you mean ${near}?`),
  })
}

export type Fields = Readonly<Record<string, unknown>>

export const isMap = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

/** As a person would say what was found. */
export const shown = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  return typeof value === 'string' ? `"${value}"` : `"${JSON.stringify(value)}"`
}
