import { categoricalDrift, type CategoricalDrift } from './categorical.ts'
import type { CommonColumn } from './common-columns.ts'
import type { Ask, Cached } from './numbers/counts.ts'
import { numericalDrifts, type NumericalDrift, type Pair } from './numbers/numerical.ts'
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
  readonly ask: Ask
  readonly missing: MissingValues
  /** Whether Wasserstein's and Kolmogorov and Smirnov's distances are judged, rather than told beside others. */
  readonly isPrecise: boolean
  readonly cached: Cached
}

/**
 * Measures columns of two sides: one look at what all columns of each are, one at all their numbers, and one at each
 * column of categories. What the reference alone tells is kept by its key, so that the next window looks at production
 * only. The sides are looked at at the same time, where there are sessions for both.
 */
export async function measureDrift(
  { ask, missing, isPrecise, cached }: Measuring,
  sides: { readonly reference: Side; readonly production: Side },
  columns: readonly CommonColumn[],
): Promise<Measured> {
  const names = columns.map(({ was, kind, types }) => `${was} ${kind} ${types.reference}`).join(', ')
  const look = (side: Side) => ask((session) => sideFacts(session, side, columns, missing))
  const [known, production] = await Promise.all([
    cached(`drift facts of ${sides.reference.key}: ${missing}, ${names}`, async () => ({
      ...(await look(sides.reference)),
    })),
    look(sides.production),
  ])
  const reference = known as unknown as SideFacts
  const pair: Pair = {
    reference: { side: sides.reference, facts: reference },
    production: { side: sides.production, facts: production },
  }
  const [numerical, categorical] = [columns.filter(isNumerical), columns.filter((one) => !isNumerical(one))]
  const found = new Map<CommonColumn, Drift | undefined>()
  await Promise.all([
    numericalDrifts({ ask, cached, isPrecise }, numerical, pair).then((drifts) =>
      numerical.forEach((column, i) => found.set(column, drifts[i])),
    ),
    ask(async (session) => {
      for (const column of categorical) found.set(column, await categoricalDrift(session, column, pair))
    }),
  ])
  const features = columns.map((column) => featureOf(column, { reference, production }, found.get(column)))
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
    const reason =
      whyNothing('production', production, missing.production) ??
      whyNothing('the reference', reference, missing.reference) ??
      'The finite numbers of one side are none, or too far apart.'
    return { column, missing, rows: { reference: 0, production: 0 }, reason }
  }
  const rows = (side: 'reference' | 'production') =>
    drift[side].reduce((a, b) => a + b, 0) + (drift.kind === 'categorical' ? drift.others[side] : 0)
  return { column, missing, rows: { reference: rows('reference'), production: rows('production') }, drift }
}

function whyNothing(side: string, { rows, complete }: SideFacts, missing: number): string | undefined {
  if (rows === 0) return `There are no such rows in ${side}.`
  if (missing >= rows) return `All values of ${side} are missing.`
  return complete === 0
    ? `Every row of ${side} misses the value of some feature, so that none is left.`
    : undefined
}
