import type { Column } from '../../../analytics/analytics.ts'
import { identifier, literal } from '../../../analytics/analytics.ts'
import type { Scalar } from '../../../kernel/grammar/values.ts'
import type { Range } from '../contract.ts'
import { familyOf } from '../grammar/types.ts'
import { Unanswerable } from './plan.ts'

/** A number that a text may stand for; undefined for other texts. */
const asNumber = (value: Scalar): number | undefined => {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

/**
 * Values as SQL of a column's own kind, so that 9 is the text '9' in a column of texts and the number in one of numbers.
 * What cannot be a value of the column is left out; Unanswerable if that is all of them.
 */
export function valuesFor(column: Column, values: readonly Scalar[]): readonly string[] {
  const found = values.map((value) => valueFor(column, value)).filter((value) => value !== undefined)
  if (found.length > 0) return found
  throw new Unanswerable(`${column.name} is ${column.type}, and none of the values is one`)
}

function valueFor(column: Column, value: Scalar): string | undefined {
  switch (familyOf(column)) {
    case 'number':
      return typeof value === 'boolean' ? undefined : asNumber(value)?.toString()
    case 'text':
      return literal(String(value))
    case 'boolean':
      return /^(true|false)$/i.test(String(value)) ? String(value).toLowerCase() : undefined
    case 'time':
      return isTime(value) ? `cast(${literal(value)} as ${pointIn(column)})` : undefined
    case 'other':
      throw new Unanswerable(
        `${column.name} is ${column.type}, whose values cannot be compared with those of a contract`,
      )
  }
}

const isTime = (value: Scalar): value is string =>
  typeof value === 'string' &&
  /^(\d{4}-\d{2}-\d{2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}(:?\d{2})?)?|\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)$/.test(
    value.trim(),
  )

/** What a bound of a column's times is: a date is compared as its midnight. */
const pointIn = ({ type }: Column) => (type === 'DATE' ? 'TIMESTAMP' : type)

/**
 * SQL of a column's value, and of the ends of a range, of one kind. Texts are read as the numbers or dates that the ends
 * are; what does not read as one becomes null, which lies in no range.
 */
export function comparable<T extends number | string>(
  column: Column,
  range: Range<T>,
): { readonly value: string; readonly ends: Range<string> } {
  const name = identifier(column.name)
  const ends = Object.entries(range) as [keyof Range, T][]
  const all = (of: (end: T) => string | undefined): Range<string> | undefined => {
    const read = ends.map(([key, end]) => [key, of(end)] as const)
    return read.some(([, end]) => end === undefined) ? undefined : (Object.fromEntries(read) as Range<string>)
  }
  const wrong = () =>
    new Unanswerable(
      `${column.name} is ${column.type}, which cannot be compared with ${ends.map(([, end]) => JSON.stringify(end)).join(' and ')}`,
    )
  const numbers = all((end) => asNumber(end)?.toString())
  switch (familyOf(column)) {
    case 'number': {
      if (numbers === undefined) throw wrong()
      return { value: name, ends: numbers }
    }
    case 'text': {
      const isNumeric = ends.every(([, end]) => typeof end === 'number')
      if (isNumeric && numbers !== undefined) return { value: `try_cast(${name} as double)`, ends: numbers }
      const times = all((end) => (isTime(end) && end.includes('-') ? `timestamp ${literal(end)}` : undefined))
      if (times !== undefined) return { value: `try_cast(${name} as timestamp)`, ends: times }
      return { value: name, ends: all((end) => literal(String(end))) ?? {} }
    }
    case 'time': {
      const times = all((end) => (isTime(end) ? `cast(${literal(end)} as ${pointIn(column)})` : undefined))
      if (times === undefined) throw wrong()
      return { value: name, ends: times }
    }
    default:
      throw wrong()
  }
}

/** SQL that is true for a value that is not in the range, null included. */
export function outside(value: string, { min, max, above, below }: Range<string>): string {
  const inside = [
    min === undefined ? '' : `${value} >= ${min}`,
    max === undefined ? '' : `${value} <= ${max}`,
    above === undefined ? '' : `${value} > ${above}`,
    below === undefined ? '' : `${value} < ${below}`,
  ].filter((test) => test !== '')
  return `not coalesce(${inside.join(' and ')}, false)`
}
