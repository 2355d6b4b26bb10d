import { typeKind } from '../../analytics/type-kind.ts'
import { listing } from '../../data/contracts/words/say.ts'
import type { Features } from '../monitors/monitor.ts'
import { NoData, type Population, type PopulationColumn } from '../populations/population.ts'
import { commonColumns, requireSome } from './drift/common-columns.ts'

export interface ComparedColumns {
  /** In the order of the reference, with the reference's kinds. */
  readonly columns: readonly PopulationColumn[]
  readonly notes: readonly string[]
}

/** What a model can take in as it is: times, lists and bytes it cannot. */
const taken = new Set(['integer', 'decimal', 'float', 'boolean', 'text'])

/**
 * The features that a question about many columns at once is asked of: those that both sides have, and that are numbers,
 * words or truth values. What is left out is told. Throws NoData if a feature that the monitor names has gone, or if none
 * is left.
 */
export function comparedColumns(
  reference: Population,
  production: Population,
  features: Features,
): ComparedColumns {
  const common = commonColumns({ reference, production }, features)
  const [gone] = common.missing
  if ('names' in features && gone !== undefined)
    throw new NoData(`'${gone.name}' cannot be looked at. ${gone.reason}`)
  requireSome(common)
  const all = common.columns.map(({ name, kind, types }) => ({ name, kind, type: types.reference }))
  const columns = all.filter(({ type }) => taken.has(typeKind(type)) || type === '"NULL"')
  const strange = all.filter((column) => !columns.includes(column)).map(({ name }) => name)
  if (columns.length === 0)
    throw new NoData(`No feature is a number or a category: ${listing(strange)} cannot be looked at.`)
  return {
    columns,
    notes: [
      ...common.missing.map(({ name, reason }) => `Without '${name}': ${reason}`),
      ...(strange.length === 0 ? [] : [`Without ${listing(strange)}: neither numbers nor categories.`]),
    ],
  }
}
