import type { Check, Expectation, Severity } from '../contract.ts'
import { below, isMap } from '../../../kernel/grammar/place.ts'
import type { Fields, Place } from '../../../kernel/grammar/place.ts'
import { flag, oneOf, share, text } from '../../../kernel/grammar/values.ts'

/** What may stand beside any expectation. */
export interface Options {
  readonly name?: string
  readonly severity?: Severity
  readonly description?: string
  readonly where?: string
  readonly mostly?: number
}

const readers = {
  name: text,
  severity: oneOf('warn', 'fail'),
  description: text,
  where: text,
  mostly: share,
} as const

export const optionKeys = Object.keys(readers)
const isOption = (key: string): key is keyof typeof readers => Object.hasOwn(readers, key)

/** The options among the fields of a map, and the fields that are none. Undefined if one of them is wrong. */
export function takeOptions(
  place: Place,
  fields: Fields,
): { readonly options: Options | undefined; readonly rest: Fields } {
  const options: Record<string, unknown> = {}
  const rest: Record<string, unknown> = {}
  let sound = true
  for (const [key, value] of Object.entries(fields))
    if (!isOption(key)) rest[key] = value
    else if (value !== null && value !== undefined) {
      const read = readers[key](below(place, key), value)
      if (read === undefined) sound = false
      else options[key] = read
    }
  return { options: sound ? options : undefined, rest }
}

/** What the reader of one expectation is given: its own fields, without the options that were beside them. */
export interface Given {
  readonly place: Place
  /** The value, or what is left of the map when the options are taken. */
  readonly value: unknown
  /** 1 unless something else was said. */
  readonly mostly: number
}

/** Reads one kind of expectation; undefined if it is wrong, `off` if it was switched off (`not_null: false`). */
export type ReadExpectation = (given: Given) => Expectation | 'off' | undefined

/**
 * Reads the value of a keyword with the options in it, over those that came from around it. `title` names the check
 * unless it has a name of its own. `takes`: false for a map whose keys are all the user's, so that none is an option.
 */
export function readCheck(
  place: Place,
  value: unknown,
  around: Options,
  read: ReadExpectation,
  title: (expectation: Expectation) => string,
  takes = true,
): Check | undefined {
  const taken = takes && isMap(value) ? takeOptions(place, value) : { options: {}, rest: value }
  if (taken.options === undefined) return undefined
  const { name, mostly, severity, description, where } = { ...around, ...taken.options }
  const expectation = read({ place, value: taken.rest, mostly: mostly ?? 1 })
  if (expectation === undefined || expectation === 'off') return undefined
  return {
    name: name ?? title(expectation),
    severity: severity ?? 'fail',
    ...(description === undefined ? {} : { description }),
    ...(where === undefined ? {} : { where }),
    expectation,
  }
}

/** For expectations that are switched on: `true`, or nothing but options. */
export const switched =
  (make: (given: Given) => Expectation): ReadExpectation =>
  (given) => {
    // `not_null: { mostly: 99% }` says no more than `not_null: true` does.
    const isBare = isMap(given.value) && Object.keys(given.value).length === 0
    const on = isBare || flag(given.place, given.value)
    return on === undefined ? undefined : on ? make(given) : 'off'
  }
