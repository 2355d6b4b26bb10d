import type { Cell, Session } from '../../../analytics/analytics.ts'
import { isNumber, typeKind } from '../../../analytics/type-kind.ts'
import {
  chiSquaredOf,
  distancesOf,
  totalsOf,
  type CountPairs,
  type Distances,
} from '../../../statistics/distributions/pairs.ts'
import type { ChiSquared } from '../../../statistics/hypothesis/chi-squared.ts'
import type { CommonColumn } from './common-columns.ts'
import type { Pair } from './numbers/numerical.ts'
import { columnSql, type Side, type SideFacts } from './sides.ts'

/** How far categories have moved. */
export interface CategoricalDrift {
  readonly kind: 'categorical'
  /** The most frequent ones of both sides, with how often each has them; then all others together. */
  readonly categories: readonly string[]
  readonly reference: readonly number[]
  readonly production: readonly number[]
  readonly others: { readonly categories: number; readonly reference: number; readonly production: number }
  readonly distances: Distances
  readonly chiSquared: ChiSquared
  /** Rows of production whose category the reference has not, and how many such categories there are. */
  readonly unseen: {
    readonly rows: number
    readonly categories: number
    readonly examples: readonly string[]
  }
  /** Categories of the reference that production has no more. */
  readonly gone: number
  readonly total: number
}

/** Categories that are told one by one: more nobody reads in a chart. */
const told = 30
/** A category's name may be as long as a book. */
const longest = 200
const examples = 5

/**
 * Measures one column over all its categories, however many there are: counts of categories that occur equally often come
 * together. Undefined where one side has no value.
 */
export async function categoricalDrift(
  session: Session,
  column: CommonColumn,
  pair: Pair,
): Promise<CategoricalDrift | undefined> {
  const sides = [pair.reference, pair.production].map(({ side, facts }, i) => values(column, side, facts, i))
  await session.run(
    `create or replace temp table counted as
       select x, sum(n) filter (side = 0)::bigint as b, sum(n) filter (side = 1)::bigint as a
       from (${sides.join(' union all ')}) group by x`,
  )
  const pairs = pairsIn(
    await session.all(
      'select coalesce(b, 0), coalesce(a, 0), count(*) from counted group by all order by 1, 2',
    ),
  )
  const totals = totalsOf(pairs)
  if (totals.before === 0 || totals.after === 0) return undefined
  const shown = shownAs(column)
  const frequent = await session.all(
    `select ${shown}, coalesce(b, 0), coalesce(a, 0) from counted
     order by coalesce(b, 0) / ${totals.before} + coalesce(a, 0) / ${totals.after} desc, x::varchar limit ${told}`,
  )
  const unseen = await session.all(
    `select count(*), coalesce(sum(a), 0)::bigint, list(${shown} order by a desc, x::varchar)[:${examples}]
     from counted where b is null`,
  )
  const [unseenCategories, unseenRows, names] = unseen.rows[0] ?? []
  const [reference, production] = [1, 2].map((i) => frequent.rows.map((row) => Number(row[i])))
  const rest = (total: number, counts: readonly number[] = []) => total - counts.reduce((a, b) => a + b, 0)
  return {
    kind: 'categorical',
    categories: frequent.rows.map(([name]) => name as string),
    reference: reference ?? [],
    production: production ?? [],
    others: {
      categories: totals.categories - frequent.rows.length,
      reference: rest(totals.before, reference),
      production: rest(totals.after, production),
    },
    distances: distancesOf(pairs, 'categorical'),
    chiSquared: chiSquaredOf(pairs),
    unseen: {
      categories: Number(unseenCategories),
      rows: Number(unseenRows),
      examples: (names ?? []) as readonly string[],
    },
    gone: Array.from(pairs.times).reduce((sum, times, i) => sum + (pairs.after[i] === 0 ? times : 0), 0),
    total: totals.categories,
  }
}

/** SQL of a side's values with how often each is there. */
function values(column: CommonColumn, side: Side, { filter }: SideFacts, i: number): string {
  const name = columnSql(side, column)
  const isFloat = typeKind(column.types[side.of]) === 'float'
  const conditions = [
    ...(filter === undefined ? [] : [filter]),
    isFloat ? `not (${name} is null or isnan(${name}))` : `${name} is not null`,
  ]
  return `select ${i} as side, ${comparedAs(column, name)} as x, count(*) as n from ${side.relation} where ${conditions.join(' and ')} group by all`
}

/** Where the sides' types differ, numbers are compared by what they are (2 is 2.0), and all else as text. */
export function comparedAs({ types: { reference, production } }: CommonColumn, name: string): string {
  if (reference === production) return name
  const kinds = [typeKind(reference), typeKind(production)]
  if (kinds.every((kind) => kind === 'integer')) return `${name}::hugeint`
  return kinds.every(isNumber) ? `${name}::double` : `${name}::varchar`
}

/** SQL of how a category `x` is called: a whole number is `2`, whatever type holds it. */
export function shownAs({ types: { reference, production } }: CommonColumn, x = 'x'): string {
  const isFraction = [reference, production].every((type) => isNumber(typeKind(type)))
  const text = isFraction
    ? `case when isfinite(${x}::double) and ${x}::double = floor(${x}::double) and abs(${x}::double) < 1e15 then ${x}::double::bigint::varchar else ${x}::varchar end`
    : `${x}::varchar`
  return `left(${text}, ${longest})`
}

function pairsIn({ rows }: { readonly rows: readonly (readonly Cell[])[] }): CountPairs {
  const column = (i: number) => Float64Array.from(rows, (row) => Number(row[i]))
  return { before: column(0), after: column(1), times: column(2) }
}
