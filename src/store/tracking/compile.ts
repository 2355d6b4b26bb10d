import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Condition, Field, Ordering } from './filter.ts'

/** Where the store keeps what can be asked of one kind of entity. Tables' rows name their owner by its `key`. */
export interface Owner {
  readonly table: string
  /** Column of each attribute. */
  readonly columns: Readonly<Record<string, string>>
  /** Table of names and values, and its column with the owner's key. */
  readonly tags?: readonly [table: string, owner: string]
  readonly params?: readonly [table: string, owner: string]
  readonly metrics?: readonly [table: string, owner: string]
  /** Further restriction on metrics' rows, alias `v`. */
  readonly metricsWhere?: RawBuilder<SqlBool>
  /** ORDER BY of metrics' rows, where one owner has several of a name. */
  readonly latestMetricFirst?: RawBuilder<unknown>
}

/** How much of a parameter's or tag's value its index holds, in characters. */
const indexedCharacters = 64

/** The condition as an SQL expression over the owner's table. */
export function holds(owner: Owner, condition: Condition): RawBuilder<SqlBool> {
  const { field } = condition
  if (field.kind === 'attribute') return compare(column(owner, field), condition)
  if (field.kind === 'dataset') return datasetHolds(owner, condition)
  const [table, key] = keyedTable(owner, field)
  const rows = sql`select 1 from ${sql.table(table)} as v
    where v.${sql.ref(key)} = ${sql.ref(`${owner.table}.key`)} and v.name = ${field.key}`
  if (condition.comparator === 'IS NULL') return sql`not exists (${rows})`
  if (condition.comparator === 'IS NOT NULL') return sql`exists (${rows})`
  if (field.kind === 'metric') return sql`exists (${rows} and ${metricHolds(owner, condition)})`
  const value = sql`v.value`
  if (condition.comparator !== '=') return sql`exists (${rows} and ${compare(value, condition)})`
  // Equality is usually rare: the index then finds the few owners at once.
  const start = Array.from(String(condition.value)).slice(0, indexedCharacters).join('')
  return sql`${sql.ref(`${owner.table}.key`)} in (select v.${sql.ref(key)} from ${sql.table(table)} as v
    where v.name = ${field.key} and substr(v.value, 1, ${sql.lit(indexedCharacters)}) = ${start}
    and ${compare(value, condition)})`
}

/** Terms for ORDER BY: missing values last in both directions, NaN before them. */
export function orderBy(owner: Owner, orderings: readonly Ordering[]): readonly RawBuilder<unknown>[] {
  return orderings.map(({ field, descending }) => {
    const direction = sql.raw(descending ? 'desc nulls last' : 'asc nulls last')
    if (field.kind === 'attribute') return sql`${column(owner, field)} ${direction}`
    const [table, key] = keyedTable(owner, field)
    // No value that is kept is infinite, so infinity stands for NaN, beyond every number.
    const beyond = descending ? -Infinity : Infinity
    const value =
      field.kind === 'metric' ? sql`case when v.is_nan = 1 then ${beyond} else v.value end` : sql`v.value`
    const several = field.kind === 'metric' && owner.latestMetricFirst !== undefined
    return sql`(select ${value} from ${sql.table(table)} as v
      where v.${sql.ref(key)} = ${sql.ref(`${owner.table}.key`)} and v.name = ${field.key}
      and ${owner.metricsWhere ?? always} ${several ? sql`order by ${owner.latestMetricFirst}` : sql``} limit 1)
      ${direction}`
  })
}

const always = sql<SqlBool>`1 = 1`

function column(owner: Owner, field: Field) {
  const name = owner.columns[field.key]
  if (name === undefined) throw new Error(`${owner.table} have no column for ${field.key}`)
  return sql.ref(`${owner.table}.${name}`)
}

function keyedTable(owner: Owner, field: Field) {
  const found = { metric: owner.metrics, param: owner.params, tag: owner.tags }[
    field.kind as 'metric' | 'param' | 'tag'
  ]
  if (found === undefined) throw new Error(`${owner.table} have no ${field.kind}s`)
  return found
}

function metricHolds(owner: Owner, condition: Condition): RawBuilder<SqlBool> {
  const where = owner.metricsWhere ?? always
  const number = compare(sql`v.value`, condition)
  // NaN is different from every number, and neither less nor more than any.
  return condition.comparator === '!='
    ? sql`${where} and (v.is_nan = 1 or ${number})`
    : sql`${where} and v.is_nan = 0 and ${number}`
}

function datasetHolds(owner: Owner, condition: Condition): RawBuilder<SqlBool> {
  const value =
    condition.field.key === 'context' ? sql`nullif(v.context, '')` : sql`d.${sql.ref(condition.field.key)}`
  return sql`exists (select 1 from run_datasets as v join datasets as d on d.key = v.dataset
    where v.run = ${sql.ref(`${owner.table}.key`)} and ${compare(value, condition)})`
}

/** LIKE without an escape character: PostgreSQL's default is the backslash, SQLite has none. */
const unescaped = sql`escape ${sql.lit('\u0001')}`

function compare(left: RawBuilder<unknown>, { comparator, value }: Condition): RawBuilder<SqlBool> {
  switch (comparator) {
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return sql`${left} ${sql.raw(comparator)} ${value}`
    case 'LIKE':
      return sql`${left} like ${value} ${unescaped}`
    case 'ILIKE':
      return sql`lower(${left}) like lower(${value}) ${unescaped}`
    case 'IN':
      return sql`${left} in (${sql.join(value as readonly string[])})`
    case 'NOT IN':
      return sql`${left} not in (${sql.join(value as readonly string[])})`
    case 'IS NULL':
      return sql`${left} is null`
    case 'IS NOT NULL':
      return sql`${left} is not null`
  }
}
