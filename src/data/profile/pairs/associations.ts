import { setImmediate } from 'node:timers/promises'
import { contingency, correlationRatio, cramersV } from '../../../statistics/association/contingency.ts'
import { order, pearson, ranks, spearman } from '../../../statistics/association/correlation.ts'
import type { Association } from '../profile.ts'
import type { Sample, SampleColumn } from './sample.ts'

/** Of tables with more columns only the pairs that are of interest are told. */
const manyColumns = 50
const ofInterest = 0.3

/** How each two columns of the sample go together. Gives way to other work between pairs. */
export async function associate({ columns }: Sample): Promise<readonly Association[]> {
  const ordered = new Map<string, Ordered>()
  for (const { name, kind, values } of columns) {
    if (kind !== 'numbers') continue
    await setImmediate()
    const rows = order(values)
    ordered.set(name, { rows, ...(rows.length === values.length ? { ranks: ranks(values, rows) } : {}) })
  }
  const found: Association[] = []
  for (const [i, a] of columns.entries())
    for (const b of columns.slice(i + 1)) {
      await setImmediate()
      for (const { measure, value } of measuresOf(a, b, ordered))
        if (!Number.isNaN(value) && (columns.length <= manyColumns || Math.abs(value) >= ofInterest))
          found.push({ a: a.name, b: b.name, measure, value })
    }
  return found
}

type Measured = Pick<Association, 'measure' | 'value'>

/** A column's rows in the order of its values; and their ranks, if it has a value in every row. */
interface Ordered {
  readonly rows: Uint32Array
  readonly ranks?: Float64Array
}

function measuresOf(
  a: SampleColumn,
  b: SampleColumn,
  ordered: ReadonlyMap<string, Ordered>,
): readonly Measured[] {
  if (a.kind === 'categories')
    return b.kind === 'categories'
      ? [{ measure: 'cramers_v', value: cramersV(contingency(a.values, b.values)) }]
      : [{ measure: 'correlation_ratio', value: correlationRatio(a.values, b.values) }]
  if (b.kind === 'categories') return measuresOf(b, a, ordered)
  return [
    { measure: 'pearson', value: pearson(a.values, b.values) },
    { measure: 'spearman', value: rankCorrelation(a, b, ordered) },
  ]
}

/** Spearman's, from the columns' own ranks where no row has to be left out. */
function rankCorrelation(
  a: { readonly name: string; readonly values: Float64Array },
  b: { readonly name: string; readonly values: Float64Array },
  ordered: ReadonlyMap<string, Ordered>,
): number {
  const [one, other] = [ordered.get(a.name), ordered.get(b.name)]
  if (one?.ranks !== undefined && other?.ranks !== undefined) return pearson(one.ranks, other.ranks)
  return spearman(a.values, b.values, [one?.rows ?? order(a.values), other?.rows ?? order(b.values)])
}
