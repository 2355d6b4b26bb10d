type Scalar = string | number | boolean

interface Given {
  readonly value?: Scalar | undefined
  readonly values?: readonly (Scalar | readonly number[])[] | undefined
}

interface Meaning {
  readonly takes: 'value' | 'values' | 'nothing'
  /** Whether one value that is there fits. */
  test(found: unknown, given: Given): boolean
  /** True: holds where nothing is there, and of a list only where all items fit. */
  readonly negative?: true
}

const number = (found: unknown): number => (typeof found === 'number' ? found : Number.NaN)
const text = (found: unknown): string =>
  typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
    ? String(found).toLowerCase()
    : ''
const words = ({ values = [] }: Given) => values.map(text)
const ranges = ({ values = [] }: Given) =>
  values.flatMap((one) => (Array.isArray(one) ? [one as readonly number[]] : []))
const isIn = (found: unknown, given: Given) =>
  ranges(given).some(([from = Infinity, to = -Infinity]) => number(found) >= from && number(found) <= to)

const compare = (holds: (found: number, limit: number) => boolean): Meaning => ({
  takes: 'value',
  test: (found, { value }) => holds(number(found), Number(value)),
})
const not = (meaning: Meaning): Meaning => ({
  takes: meaning.takes,
  negative: true,
  test: (found, given) => !meaning.test(found, given),
})
const some = (holds: (found: string, word: string) => boolean): Meaning => ({
  takes: 'values',
  test: (found, given) => words(given).some((word) => holds(text(found), word)),
})

const numberIn: Meaning = {
  takes: 'values',
  test: (found, { values = [] }) => values.some((one) => number(found) === one),
}
const numberInRange: Meaning = { takes: 'values', test: isIn }
const stringIn = some((found, word) => found === word)
const stringBeginsWith = some((found, word) => found.startsWith(word))
const stringEndsWith = some((found, word) => found.endsWith(word))
const stringContains = some((found, word) => found.includes(word))
const isNull: Meaning = { takes: 'nothing', negative: true, test: (found) => found === null }

/** Event Grid's operators; texts are compared without regard to case. */
export const operators = {
  NumberIn: numberIn,
  NumberNotIn: not(numberIn),
  NumberLessThan: compare((found, limit) => found < limit),
  NumberGreaterThan: compare((found, limit) => found > limit),
  NumberLessThanOrEquals: compare((found, limit) => found <= limit),
  NumberGreaterThanOrEquals: compare((found, limit) => found >= limit),
  NumberInRange: numberInRange,
  NumberNotInRange: not(numberInRange),
  BoolEquals: { takes: 'value', test: (found, { value }) => found === (value === true || value === 'true') },
  StringIn: stringIn,
  StringNotIn: not(stringIn),
  StringBeginsWith: stringBeginsWith,
  StringNotBeginsWith: not(stringBeginsWith),
  StringEndsWith: stringEndsWith,
  StringNotEndsWith: not(stringEndsWith),
  StringContains: stringContains,
  StringNotContains: not(stringContains),
  IsNullOrUndefined: isNull,
  IsNotNull: { takes: 'nothing', test: (found) => found !== null },
} as const satisfies Readonly<Record<string, Meaning>>

export type Operator = keyof typeof operators

/** Whether what was found at a filter's key fits it; `undefined` is that nothing was. */
export function fits(
  filter: Given & { readonly operatorType: Operator },
  found: unknown,
  onArrays: boolean,
): boolean {
  const meaning: Meaning = operators[filter.operatorType]
  if (found === undefined) return meaning.negative === true
  if (!Array.isArray(found) || !onArrays) return meaning.test(found, filter)
  const items = found as readonly unknown[]
  return meaning.negative === true
    ? items.every((item) => meaning.test(item, filter))
    : items.some((item) => meaning.test(item, filter))
}
