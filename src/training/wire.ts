import type { Json } from '../kernel/resources/resource.ts'

/** Careful readers of JSON that clients sent: each answers undefined, and never throws, for what is of another type. */
export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const json = (value: unknown): Json | undefined => (isJson(value) ? value : undefined)
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
/** A literal as the string that a command gets; Python's `True` and `False` for booleans as Azure ML writes them. */
export function scalar(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return undefined
}
export const strings = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(json(value) ?? {}).flatMap(([name, v]) => {
      const s = scalar(v)
      return s === undefined ? [] : [[name, s]]
    }),
  )
/** `{ [name]: value }`, or nothing for undefined: for optional properties, which may be absent but not undefined. */
export const present = <K extends string, V>(name: K, value: V | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [P in K]?: V }

/** True and false however they are spelled (`'True'`, `'false'`, 1); undefined for anything else. */
export function truth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined
  if (word === 'true' || word === '1') return true
  return word === 'false' || word === '0' ? false : undefined
}
export const number = (value: unknown): number | undefined => {
  const n =
    typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN
  return Number.isNaN(n) ? undefined : n
}
