import { setImmediate } from 'node:timers/promises'
import { contingency, correlationRatio, cramersV } from '../../../statistics/association/contingency.ts'
import { order, pearson, spearman } from '../../../statistics/association/correlation.ts'
import type { Association } from '../profile.ts'
import type { Sample, SampleColumn } from './sample.ts'

/** Of tables with more columns only the pairs that are of interest are told. */
const manyColumns = 50
const ofInterest = 0.3

/** How each two columns of the sample go together. Gives way to other work between pairs. */
export async function associate({ columns }: Sample): Promise<readonly Association[]> {
  const orders = new Map(
    columns.flatMap((column) => (column.kind === 'numbers' ? [[column.name, order(column.values)]] : [])),
  )
  const found: Association[] = []
  for (const [i, a] of columns.entries())
    for (const b of columns.slice(i + 1)) {
      await setImmediate()
      for (const { measure, value } of measuresOf(a, b, orders))
        if (!Number.isNaN(value) && (columns.length <= manyColumns || Math.abs(value) >= ofInterest))
          found.push({ a: a.name, b: b.name, measure, value })
    }
  return found
}

type Measured = Pick<Association, 'measure' | 'value'>

function measuresOf(
  a: SampleColumn,
  b: SampleColumn,
  orders: ReadonlyMap<string, Uint32Array>,
): readonly Measured[] {
  if (a.kind === 'categories')
    return b.kind === 'categories'
      ? [{ measure: 'cramers_v', value: cramersV(contingency(a.values, b.values)) }]
      : [{ measure: 'correlation_ratio', value: correlationRatio(a.values, b.values) }]
  if (b.kind === 'categories') return measuresOf(b, a, orders)
  const both = [orders.get(a.name) ?? order(a.values), orders.get(b.name) ?? order(b.values)] as const
  return [
    { measure: 'pearson', value: pearson(a.values, b.values) },
    { measure: 'spearman', value: spearman(a.values, b.values, both) },
  ]
}
