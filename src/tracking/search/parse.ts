import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Comparator, Condition, Field, Ordering } from '../../store/tracking/filter.ts'
import { prefixes, type SearchableEntity } from './entities.ts'
import { Scanner } from './scanner.ts'

/** What databases take in one statement, with room to spare. */
const most = { comparisons: 100, values: 10_000, orderings: 50 } as const

/**
 * Parses MLflow's filter language: comparisons joined by AND (there is no OR, no NOT but NOT IN, no parentheses).
 * An empty or absent text asks for everything. Throws badRequest that tells where the text went wrong.
 */
export function parseFilter(entity: SearchableEntity, text: string | undefined): readonly Condition[] {
  const scanner = new Scanner(text ?? '', 'filter')
  const conditions: Condition[] = []
  if (scanner.atEnd()) return conditions
  for (;;) {
    conditions.push(condition(entity, scanner))
    if (scanner.atEnd()) return conditions
    if (conditions.length === most.comparisons)
      throw scanner.error(`a filter has at most ${most.comparisons} comparisons`)
    if (!scanner.keyword('and')) throw scanner.error('expected AND or the end')
    if (scanner.atEnd()) throw scanner.error('expected a comparison after AND')
  }
}

/** Parses order_by items such as `metrics.auc DESC`; a field may be named once. */
export function parseOrderBy(
  entity: SearchableEntity,
  items: readonly string[] | undefined,
): readonly Ordering[] {
  if ((items ?? []).length > most.orderings)
    throw errors.badRequest(`order_by names at most ${most.orderings} fields.`, { target: 'order_by' })
  const orderings = (items ?? []).map((item) => ordering(entity, item))
  const seen = new Set<string>()
  for (const { field } of orderings) {
    const name = `${field.kind}.${field.key}`
    if (seen.has(name))
      throw errors.badRequest(`order_by contains duplicate fields: ${field.key}.`, { target: 'order_by' })
    seen.add(name)
  }
  return orderings
}

function ordering(entity: SearchableEntity, item: string): Ordering {
  const scanner = new Scanner(item, 'order_by')
  const found = field(entity, scanner)
  if (!found.sortable) throw scanner.error(`cannot order ${entity.name}s by '${found.field.key}'`)
  const descending = scanner.keyword('desc')
  if (!descending) scanner.keyword('asc')
  if (!scanner.atEnd()) throw scanner.error('expected ASC, DESC or the end')
  return { field: found.field, descending }
}

function condition(entity: SearchableEntity, scanner: Scanner): Condition {
  const { field: left, comparators } = field(entity, scanner)
  const start = scanner.position
  const spelled = scanner.operator()
  if (spelled === undefined) throw scanner.error(`expected a comparison operator after '${left.key}'`)
  const comparator = (spelled === '<>' ? '!=' : spelled === '==' ? '=' : spelled) as Comparator
  if (!comparators.includes(comparator)) {
    scanner.position = start
    throw scanner.error(
      comparators.length === 0
        ? `${entity.name}s cannot be filtered by '${left.key}'`
        : `expected one of ${comparators.join(', ')} after the ${left.kind} '${left.key}'`,
    )
  }
  return { field: left, comparator, value: value(left, comparator, scanner) }
}

function value(left: Field, comparator: Comparator, scanner: Scanner): Condition['value'] {
  if (comparator === 'IS NULL' || comparator === 'IS NOT NULL') return null
  if (comparator === 'IN' || comparator === 'NOT IN') return list(left, scanner)
  const found = left.type === 'number' ? scanner.number() : scanner.string()
  if (found !== undefined) return found
  throw scanner.error(
    left.type === 'number'
      ? `expected a number, since ${left.kind} '${left.key}' is numeric`
      : `expected a value in quotes, since ${left.kind} '${left.key}' is a string`,
  )
}

function list(left: Field, scanner: Scanner): readonly string[] {
  if (!scanner.symbol('(')) throw scanner.error(`expected a list ('a', 'b') for '${left.key}'`)
  const values: string[] = []
  do {
    const found = scanner.string()
    if (found === undefined) throw scanner.error('expected a value in quotes')
    values.push(found)
    if (values.length > most.values) throw scanner.error(`a list has at most ${most.values} values`)
  } while (scanner.symbol(','))
  if (!scanner.symbol(')')) throw scanner.error(`expected ',' or ')'`)
  return values
}

interface FoundField {
  readonly field: Field
  readonly comparators: readonly Comparator[]
  readonly sortable: boolean
}

function field(entity: SearchableEntity, scanner: Scanner): FoundField {
  const start = scanner.position
  const { prefix, key } = scanner.name()
  const kind = key === '' ? 'attribute' : prefixes[prefix.toLowerCase()]
  const fail = (expected: string): never => {
    scanner.position = start
    throw scanner.error(expected)
  }
  if (kind === undefined) {
    const guess = nearest(prefix, Object.keys(prefixes))
    return fail(
      `'${prefix}' is no kind of field${guess === undefined ? '' : `; did you mean '${guess}.${key}'?`}`,
    )
  }
  if (kind === 'attribute' || kind === 'dataset') {
    const known = kind === 'attribute' ? entity.attributes : (entity.dataset ?? {})
    const name = key === '' ? prefix : key
    const found = Object.entries(known).find(
      ([canonical, a]) => canonical === name.toLowerCase() || a.aliases?.includes(name.toLowerCase()),
    )
    if (found === undefined) {
      const guess = nearest(name, Object.keys(known))
      return fail(
        `${entity.name}s have no ${kind} '${name}'; ` +
          (guess === undefined
            ? `they have ${Object.keys(known).join(', ') || 'none'}`
            : `did you mean '${guess}'?`),
      )
    }
    const [canonical, { type, comparators, sortable = false }] = found
    return { field: { kind, key: canonical, type }, comparators, sortable }
  }
  const comparators = entity.keyed[kind]
  if (comparators === undefined) return fail(`${entity.name}s cannot be searched by ${kind}s`)
  return { field: { kind, key, type: kind === 'metric' ? 'number' : 'string' }, comparators, sortable: true }
}
