import { isNumber, typeKind } from '../../../analytics/type-kind.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Features } from '../../monitors/monitor.ts'
import { NoData, type Population, type PopulationColumn } from '../../populations/population.ts'

/** A column that both sides have. */
export interface CommonColumn {
  /** As production calls it; it is the feature's name. */
  readonly name: string
  /** As the reference calls it. */
  readonly was: string
  /** By the reference, so that it stays the same from window to window. */
  readonly kind: PopulationColumn['kind']
  readonly types: { readonly reference: string; readonly production: string }
}

export interface CommonColumns {
  readonly columns: readonly CommonColumn[]
  /** Features that were asked for, or that the reference has, and that cannot be held against each other; with the reason. */
  readonly missing: readonly { readonly name: string; readonly reason: string }[]
  /** Features that production has and the reference has not. */
  readonly fresh: readonly string[]
}

/** A type that SQL makes of nothing but missing values: it fits all others. */
const isUntyped = (column: PopulationColumn, { rows }: Population) =>
  rows > 0 && (column.type === 'JSON' || column.type === '"NULL"')

/**
 * The features that both sides have with values that can be held against each other, in the reference's order: those that
 * are named, or all of the roles. As in Azure ML they are told by their names, and numbers go with numbers only.
 */
export function commonColumns(
  { reference, production }: { readonly reference: Population; readonly production: Population },
  features: Features,
): CommonColumns {
  const [before, now] = [reference, production].map(
    ({ columns }) => new Map(columns.map((column) => [column.name, column])),
  )
  const { wanted, fresh } = wantedFeatures({ reference, production }, features)
  const columns: CommonColumn[] = []
  const missing: { name: string; reason: string }[] = []
  for (const name of wanted) {
    const [was, is] = [before?.get(name), now?.get(name)]
    if (was === undefined || is === undefined)
      missing.push({ name, reason: absent(name, was, is, production) })
    else if (comparable(was.type, is.type) || isUntyped(is, production) || isUntyped(was, reference))
      columns.push({
        name,
        was: name,
        kind: was.kind,
        types: { reference: was.type, production: is.type },
      })
    else missing.push({ name, reason: `It was ${was.type} in the reference and is ${is.type} now.` })
  }
  return { columns, missing, fresh }
}

/** The features that a signal asks about, and those that production has beyond all of the reference. */
export function wantedFeatures(
  { reference, production }: { readonly reference: Population; readonly production: Population },
  features: Features,
): { readonly wanted: readonly string[]; readonly fresh: readonly string[] } {
  if ('names' in features) return { wanted: features.names, fresh: [] }
  const known = new Set(reference.columns.map(({ name }) => name))
  return {
    wanted: featuresOf(reference, production),
    fresh: production.roles.features.filter((name) => !known.has(name)),
  }
}

/** The reference's features; where it has none of production's under that role (a target among them, say), production's. */
function featuresOf(reference: Population, production: Population): readonly string[] {
  const roles = new Set(production.roles.features)
  const apart = new Set([
    ...[production.roles, reference.roles].flatMap((r) => [
      r.target,
      r.prediction,
      r.time,
      r.correlationId,
      r.labelTime,
      ...Object.values(r.probabilities ?? {}),
    ]),
    ...ownColumns,
  ])
  return reference.roles.features.filter((name) => roles.has(name) || !apart.has(name))
}

/** Columns of collected data that are nobody's features. */
const ownColumns = ['correlationid', 'row', 'time']

function absent(
  name: string,
  was: PopulationColumn | undefined,
  is: PopulationColumn | undefined,
  production: Population,
): string {
  if (was === undefined && is === undefined) return 'Neither side has such a column.'
  if (was === undefined) return 'The reference has no such column.'
  const near = nearest(
    name,
    production.columns.map((column) => column.name),
  )
  return `Production has no such column any more.${near === undefined ? '' : ` It has '${near}'.`}`
}

/** Whether values of both types can be held against each other. */
const comparable = (a: string, b: string): boolean =>
  a === b || typeKind(a) === typeKind(b) || (isNumber(typeKind(a)) && isNumber(typeKind(b)))

/** Throws NoData, with the reasons, where nothing is left. */
export function requireSome({ columns, missing }: Pick<CommonColumns, 'columns' | 'missing'>): void {
  if (columns.length > 0) return
  const reasons = missing.slice(0, 5).map(({ name, reason }) => `${name}: ${reason}`)
  throw new NoData(
    `No feature is on both sides with values that can be held against each other.${reasons.length === 0 ? '' : ` ${reasons.join(' ')}`}`,
  )
}
