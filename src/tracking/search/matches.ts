import type { Condition, Field, Ordering } from '../../store/tracking/filter.ts'

/** The values that one entity has for a field: none if it lacks it, several for datasets. */
export type Values<E> = (entity: E, field: Field) => readonly (string | number)[]

/** Whether the entity satisfies every condition. The store's SQL does the same, over tables. */
export function matches<E>(conditions: readonly Condition[], entity: E, values: Values<E>): boolean {
  return conditions.every((condition) => {
    const found = values(entity, condition.field)
    if (condition.comparator === 'IS NULL') return found.length === 0
    return found.some((value) => holds(condition, value))
  })
}

function holds({ comparator, value: asked }: Condition, value: string | number): boolean {
  switch (comparator) {
    case '=':
      return value === asked
    case '!=':
      return value !== asked
    case '<':
      return Number(value) < Number(asked)
    case '<=':
      return Number(value) <= Number(asked)
    case '>':
      return Number(value) > Number(asked)
    case '>=':
      return Number(value) >= Number(asked)
    case 'LIKE':
      return likePattern(String(asked), '').test(String(value))
    case 'ILIKE':
      return likePattern(String(asked).toLowerCase(), '').test(String(value).toLowerCase())
    case 'IN':
      return (asked as readonly string[]).includes(String(value))
    case 'NOT IN':
      return !(asked as readonly string[]).includes(String(value))
    case 'IS NULL':
      return false
    case 'IS NOT NULL':
      return true
  }
}

/** SQL's LIKE as a regular expression: `%` is any text, `_` any one character, nothing is escaped. */
export function likePattern(pattern: string, flags: string): RegExp {
  const source = pattern
    .replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
    .replaceAll('%', '.*')
    .replaceAll('_', '.')
  return new RegExp(`^${source}$`, `su${flags}`)
}

/** Compares two entities by the orderings, those that lack a field last; 0 if they are equal in all. */
export function compare<E>(orderings: readonly Ordering[], a: E, b: E, values: Values<E>): number {
  for (const { field, descending } of orderings) {
    const left = values(a, field)[0]
    const right = values(b, field)[0]
    if (left === right) continue
    if (left === undefined) return 1
    if (right === undefined) return -1
    const order = left < right ? -1 : 1
    return descending ? -order : order
  }
  return 0
}
