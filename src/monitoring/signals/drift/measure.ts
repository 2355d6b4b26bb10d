import type { Session } from '../../../analytics/analytics.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { categoricalDrift, type CategoricalDrift } from './categorical.ts'
import type { CommonColumn } from './common-columns.ts'
import { numericalDrift, type Counted, type NumericalDrift, type Pair } from './numerical.ts'
import { isNumerical, sideFacts, type MissingValues, type Side, type SideFacts } from './sides.ts'

export type Drift = NumericalDrift | CategoricalDrift

/** What one feature's two distributions are, or why there is nothing to compare. */
export interface FeatureDrift {
  readonly column: CommonColumn
  /** Rows of each side that it was measured of. */
  readonly rows: { readonly reference: number; readonly production: number }
  readonly missing: { readonly reference: number; readonly production: number }
  readonly drift?: Drift
  readonly reason?: string
}

export interface Measured {
  readonly features: readonly FeatureDrift[]
  readonly reference: SideFacts
  readonly production: SideFacts
}

export interface Measuring {
  readonly session: Session
  readonly missing: MissingValues
  /** Whether Wasserstein's and Kolmogorov and Smirnov's distances are judged, rather than told beside others. */
  readonly isPrecise: boolean
  /** Keeps what was computed of a side that stays the same. */
  readonly cached: (key: string, compute: () => Promise<Json>) => Promise<Json>
}

/**
 * Measures columns of two sides: one look at all columns of each, then one at each column. What the reference alone tells
 * is kept by its key, so that the next window looks at production only.
 */
export async function measureDrift(
  { session, missing, isPrecise, cached }: Measuring,
  sides: { readonly reference: Side; readonly production: Side },
  columns: readonly CommonColumn[],
): Promise<Measured> {
  const names = columns.map(({ was, kind, types }) => `${was} ${kind} ${types.reference}`).join(', ')
  const known = await cached(`drift facts of ${sides.reference.key}: ${missing}, ${names}`, async () => ({
    ...(await sideFacts(session, sides.reference, columns, missing)),
  }))
  const reference = known as unknown as SideFacts
  const production = await sideFacts(session, sides.production, columns, missing)
  const pair: Pair = {
    reference: { side: sides.reference, facts: reference },
    production: { side: sides.production, facts: production },
  }
  const features: FeatureDrift[] = []
  for (const column of columns) {
    const drift = isNumerical(column)
      ? await numericalDrift(session, column, pair, {
          isPrecise,
          kept: async (key, compute) => {
            const name = `drift counts of ${sides.reference.key}: ${column.was}, ${reference.filter ?? ''}, ${key}`
            return (await cached(name, async () => ({ ...(await compute()) }))) as unknown as Counted
          },
        })
      : await categoricalDrift(session, column, pair)
    features.push(featureOf(column, { reference, production }, drift))
  }
  return { features, reference, production }
}

function featureOf(
  column: CommonColumn,
  { reference, production }: { readonly reference: SideFacts; readonly production: SideFacts },
  drift: Drift | undefined,
): FeatureDrift {
  const [was, now] = [reference, production].map(({ columns }) => columns[column.name]?.missing ?? 0)
  const missing = { reference: was ?? 0, production: now ?? 0 }
  if (drift === undefined) {
    const [side, facts] =
      missing.production >= production.rows || production.complete === 0
        ? (['production', production] as const)
        : (['reference', reference] as const)
    const reason =
      missing[side] >= facts.rows
        ? `All values of the ${side} are missing.`
        : facts.complete === 0
          ? `Every row of the ${side} misses the value of some feature, so that none is left.`
          : `No value of the ${side} is a finite number.`
    return { column, missing, rows: { reference: 0, production: 0 }, reason }
  }
  const rows = (side: 'reference' | 'production') =>
    drift[side].reduce((a, b) => a + b, 0) + (drift.kind === 'categorical' ? drift.others[side] : 0)
  return { column, missing, rows: { reference: rows('reference'), production: rows('production') }, drift }
}
