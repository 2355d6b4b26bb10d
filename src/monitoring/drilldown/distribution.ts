import { double, type Session } from '../../analytics/analytics.ts'
import { isNumber, typeKind } from '../../analytics/type-kind.ts'
import { categoricalDrift } from '../signals/drift/categorical.ts'
import type { CommonColumn } from '../signals/drift/common-columns.ts'
import { columnSql, isNumerical, numberSql, type Side, type SideFacts } from '../signals/drift/sides.ts'
import type { Compared } from './compared.ts'
import { referenceEdges } from './edges.ts'

/** One side of a feature: its rows, those that have a value, and those that have none. */
export interface SideCounts {
  readonly rows: number
  readonly n: number
  readonly missing: number
  /** The rows' window, where they are of one. */
  readonly from?: string
  readonly to?: string
}

/** How a feature is distributed on both sides, over the same bins or categories. Counts, never rows. */
export interface Distribution {
  readonly feature: string
  readonly kind: 'numerical' | 'categorical'
  readonly reference: SideCounts
  readonly production: SideCounts
  /** Of numbers: the reference's edges; counts of what is below the first, of each `[a, b)`, of what is above the last. */
  readonly bins?: Binned
  /** Of numbers: the 0, .005, … 1 quantiles of either side, each a value that is there: an empirical distribution function. */
  readonly quantiles?: { readonly reference: readonly number[]; readonly production: readonly number[] }
  /** Of categories: the most frequent ones of both sides, then all others together. */
  readonly categories?: readonly {
    readonly name: string
    readonly reference: number
    readonly production: number
  }[]
  readonly others?: { readonly categories: number; readonly reference: number; readonly production: number }
  /** Rows of production whose category the reference has not. */
  readonly unseen?: {
    readonly rows: number
    readonly categories: number
    readonly examples: readonly string[]
  }
}

export interface Binned {
  readonly edges: readonly number[]
  readonly reference: readonly number[]
  readonly production: readonly number[]
}

/** Steps of the quantiles that are told. */
const steps = 200

/** Looks at a feature on both sides. All rows that have a value of it count, whatever else they miss. */
export async function distributionOf(session: Session, compared: Compared): Promise<Distribution> {
  const { column, reference, production } = compared
  const isNumeric = isNumerical(column)
  const [was, now] = [
    await countsOf(session, column, reference, isNumeric),
    await countsOf(session, column, production, isNumeric),
  ]
  const base = {
    feature: column.name,
    reference: { ...was.counts, ...windowOf(reference) },
    production: { ...now.counts, ...windowOf(production) },
  }
  if (!isNumeric) return { ...base, kind: 'categorical', ...(await categories(session, compared)) }
  // Where the reference has no value there is nothing else to bin by.
  const facts = was.numbers ?? now.numbers
  if (facts === undefined) return { ...base, kind: 'numerical' }
  const edges = referenceEdges(facts)
  return {
    ...base,
    kind: 'numerical',
    bins: {
      edges,
      reference: await binned(session, column, reference, edges),
      production: await binned(session, column, production, edges),
    },
    quantiles: {
      reference: await quantilesOf(session, column, reference),
      production: await quantilesOf(session, column, production),
    },
  }
}

const windowOf = ({ population: { window } }: Compared['production']) =>
  window === undefined ? {} : { from: window.from.toISOString(), to: window.to.toISOString() }

/** SQL that is true where there is a value: of numbers, a finite one. */
export function presentSql(column: CommonColumn, side: Side): string {
  const own = columnSql(side, column)
  if (typeKind(column.types[side.of]) !== 'float') return `${own} is not null`
  return isNumerical(column)
    ? `(${own} is not null and isfinite(${own}))`
    : `(${own} is not null and not isnan(${own}))`
}

async function countsOf(session: Session, column: CommonColumn, side: Side, isNumeric: boolean) {
  const there = presentSql(column, side)
  const x = isNumeric ? numberSql(side, column) : ''
  const of = `filter (${there})`
  const asked = isNumeric
    ? [
        `min(${x}) ${of}`,
        `max(${x}) ${of}`,
        `quantile_cont(${x}, [0.005, 0.25, 0.75, 0.995]) ${of}`,
        `bool_and(${x} = floor(${x})) ${of}`,
      ]
    : []
  const own = columnSql(side, column)
  const lacking =
    typeKind(column.types[side.of]) === 'float' ? `(${own} is null or isnan(${own}))` : `${own} is null`
  const { rows } = await session.all(
    `select ${['count(*)', `count(*) ${of}`, `count(*) filter (${lacking})`, ...asked].join(', ')} from ${side.relation}`,
  )
  const [all, n, missing, min, max, quantiles, isWhole] = rows[0] ?? []
  const counts: SideCounts = { rows: Number(all), n: Number(n), missing: Number(missing) }
  const hasNumbers = typeof min === 'number' && typeof max === 'number' && Array.isArray(quantiles)
  return {
    counts,
    numbers: hasNumbers
      ? {
          n: counts.n,
          min,
          max,
          quantiles: quantiles as readonly number[] as readonly [number, number, number, number],
          isWhole: isWhole === true,
        }
      : undefined,
  }
}

/** Counts below the first edge, in each bin, and from the last edge on: differences of how many are below each. */
async function binned(
  session: Session,
  column: CommonColumn,
  side: Side,
  edges: readonly number[],
): Promise<readonly number[]> {
  const x = numberSql(side, column)
  const below = edges.map((edge) => `count(*) filter (x < ${double(edge)})`)
  const { rows } = await session.all(
    `select ${below.join(', ')}, count(*) from (select ${x} as x from ${side.relation} where ${presentSql(column, side)})`,
  )
  const counts = (rows[0] ?? []).map(Number)
  return counts.map((count, i) => count - (counts[i - 1] ?? 0))
}

async function quantilesOf(session: Session, column: CommonColumn, side: Side): Promise<readonly number[]> {
  const x = numberSql(side, column)
  const at = Array.from({ length: steps + 1 }, (_, i) => i / steps)
  const { rows } = await session.all(
    `select quantile_disc(${x}, [${at.join(', ')}]) from ${side.relation} where ${presentSql(column, side)}`,
  )
  const found = rows[0]?.[0]
  return Array.isArray(found) ? (found as readonly number[]) : []
}

/** Both sides of a feature that is none of numbers (or of few whole ones), as drift counts them. */
async function categories(
  session: Session,
  { column, reference, production }: Compared,
): Promise<Pick<Distribution, 'categories' | 'others' | 'unseen'>> {
  const facts: SideFacts = { rows: 0, complete: 0, filter: undefined, columns: {} }
  const found = await categoricalDrift(session, column, {
    reference: { side: reference, facts },
    production: { side: production, facts },
  })
  if (found === undefined) return {}
  const ordered = found.categories.map((name, i) => ({
    name,
    reference: found.reference[i] ?? 0,
    production: found.production[i] ?? 0,
  }))
  const isNumbers = [column.types.reference, column.types.production].every((type) =>
    isNumber(typeKind(type)),
  )
  return {
    // Codes are read in their order, names by how often they are.
    categories: isNumbers ? ordered.toSorted((a, b) => Number(a.name) - Number(b.name)) : ordered,
    others: found.others,
    unseen: found.unseen,
  }
}
