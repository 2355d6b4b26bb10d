import { identifier, literal } from '../../analytics/analytics.ts'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Segment } from '../outcomes/segments.ts'
import { NoData, type Population } from '../populations/population.ts'
import { requireColumn } from '../populations/roles.ts'
import { commonColumns, type CommonColumn } from '../signals/drift/common-columns.ts'
import type { Side } from '../signals/drift/sides.ts'
import { predictionColumns } from '../signals/prediction-drift/prediction-drift.ts'
import type { OpenSignal } from './open-signal.ts'

/** A feature on both sides, as SQL can read it. */
export interface Compared {
  readonly column: CommonColumn
  readonly reference: Side & { readonly population: Population }
  readonly production: Side & { readonly population: Population }
}

/** Opens a feature of a signal, all rows of it or a segment. Throws NoData where a side has it not, notFound where neither has. */
export async function openFeature(
  { planned, populations }: OpenSignal,
  feature: string,
  segment: Segment = {},
): Promise<Compared> {
  const production = await populations.production()
  const reference = planned.reference === undefined ? production : await populations.reference()
  const sides = { reference, production }
  const { columns, missing } =
    planned.kind === 'prediction_drift'
      ? predictionColumns(sides, planned.features)
      : commonColumns(sides, { names: [feature] })
  const column = columns.find(({ name }) => name === feature)
  if (column === undefined) throw whyNot(feature, sides, missing)
  const side = (of: Side['of'], population: Population) => ({
    of,
    population,
    relation: relationOf(population, segment, of),
    key: `${population.fingerprint} ${JSON.stringify(segment)}`,
  })
  return {
    column,
    reference: side('reference', reference),
    production: side('production', production),
  }
}

/** SQL of the rows of a segment. */
function relationOf({ view, columns }: Population, segment: Segment, of: Side['of']): string {
  const names = columns.map(({ name }) => name)
  const conditions = Object.entries(segment).map(([name, value]) => {
    requireColumn(name, { columns: names, source: of === 'reference' ? 'the reference' : 'production' })
    return `${identifier(name)}::varchar = ${literal(value)}`
  })
  return conditions.length === 0 ? view : `(select * from ${view} where ${conditions.join(' and ')})`
}

function whyNot(
  feature: string,
  { reference, production }: { readonly reference: Population; readonly production: Population },
  missing: readonly { readonly name: string; readonly reason: string }[],
): Error {
  const names = [...new Set([...production.columns, ...reference.columns].map(({ name }) => name))]
  const reason = missing.find(({ name }) => name === feature)?.reason
  if (reason !== undefined && names.includes(feature)) return new NoData(reason)
  const near = nearest(feature, names)
  return errors.notFound(
    `There is no feature '${feature}' in these rows${near === undefined ? '' : `; did you mean '${near}'?`}`,
    { target: 'feature' },
  )
}
