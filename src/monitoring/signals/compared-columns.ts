import { typeKind } from '../../analytics/type-kind.ts'
import { listing, plural } from '../../data/contracts/words/say.ts'
import type { Features } from '../monitors/monitor.ts'
import { NoData, type Population, type PopulationColumn } from '../populations/population.ts'

export interface ComparedColumns {
  /** In the order of the reference, with the reference's kinds. */
  readonly columns: readonly PopulationColumn[]
  readonly notes: readonly string[]
}

/** What a model can take in as it is: times, lists and bytes it cannot. */
const taken = new Set(['integer', 'decimal', 'float', 'boolean', 'text'])

/**
 * The features that a question about many columns at once is asked of: those of the reference that production has, too,
 * and that are numbers, words or truth values. What is left out is told. Throws NoData if a feature that the monitor names
 * has gone, or if none is left.
 */
export function comparedColumns(
  reference: Population,
  production: Population,
  features: Exclude<Features, { readonly top: number }>,
): ComparedColumns {
  const there = new Set(production.columns.map(({ name }) => name))
  const wanted = 'names' in features ? features.names : reference.roles.features
  const asked = reference.columns.filter(({ name }) => wanted.includes(name))
  if ('names' in features)
    for (const name of features.names)
      if (!asked.some((column) => column.name === name) || !there.has(name))
        throw new NoData(
          `The ${there.has(name) ? 'reference has' : 'production data have'} no column '${name}'.`,
        )
  const gone = asked.filter(({ name }) => !there.has(name)).map(({ name }) => name)
  const strange = asked.filter(({ name, type }) => there.has(name) && !taken.has(typeKind(type)))
  const columns = asked.filter(({ name, type }) => there.has(name) && taken.has(typeKind(type)))
  if (columns.length === 0) throw new NoData('Reference and production data have no feature in common.')
  const notes = [
    ...(gone.length === 0
      ? []
      : [`Without ${plural(gone.length, 'feature')} that production does not have: ${listing(gone)}.`]),
    ...(strange.length === 0
      ? []
      : [`Without ${listing(strange.map(({ name }) => name))}: neither numbers nor categories.`]),
  ]
  return { columns, notes }
}
