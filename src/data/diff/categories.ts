import { identifier, type Row, type Session } from '../../analytics/analytics.ts'
import { countedSides } from '../../analytics/sides.ts'
import { text, type Side } from './columns.ts'
import type { Both, ColumnDiff, ValueCounts } from './diff.ts'

/** Values that are named, of each sort. */
const named = 10
/** Longer values are cut: they are there to be recognised. */
const longestValue = 200

type Figures = Required<Pick<ColumnDiff, 'totalVariation' | 'newValues' | 'goneValues' | 'shares'>>

/** Compares how often each value occurs, among the rows that have one. Values are taken as text. */
export async function compareCategories(
  session: Session,
  columns: Both<{ readonly side: Side; readonly column: string }>,
): Promise<Figures> {
  const values = ({ side, column }: { readonly side: Side; readonly column: string }) =>
    `select ${identifier(column)}::varchar as x from ${identifier(side.view)}`
  const sides = { was: values(columns.from), now: values(columns.to) }
  await session.run(
    `create or replace temp table category_counts as
     select x as v, was as a, now as b from ${countedSides(sides, 'x is not null')}`,
  )
  const totals = '(select sum(a) as na, sum(b) as nb from category_counts)'
  const { rows } = await session.all(
    `select count(*) filter (a = 0), count(*) filter (b = 0), min(na), min(nb),
     sum(abs(a / nullif(na, 0) - b / nullif(nb, 0))) / 2 from category_counts, ${totals}`,
  )
  const [isNew, gone, na, nb, variation] = rows[0] ?? []
  const top = async (where: string, order: string) =>
    (
      await session.all(
        `select left(v, ${longestValue}), a, b from category_counts where ${where}
         order by ${order} desc, v limit ${named}`,
      )
    ).rows
  const [from, to] = [Number(na ?? 0), Number(nb ?? 0)]
  const counts = (count: unknown, found: readonly Row[], at: 1 | 2): ValueCounts => ({
    count: Number(count ?? 0),
    top: found.map((row) => ({ value: text(row[0]), rows: Number(row[at]) })),
  })
  const frequent = await top('true', `greatest(a / ${Math.max(1, from)}, b / ${Math.max(1, to)})`)
  return {
    totalVariation: variation === null || variation === undefined ? (from === to ? 0 : 1) : Number(variation),
    newValues: counts(isNew, await top('a = 0', 'b'), 2),
    goneValues: counts(gone, await top('b = 0', 'a'), 1),
    shares: frequent.map(([value, a, b]) => ({
      value: text(value),
      from: from === 0 ? 0 : Number(a) / from,
      to: to === 0 ? 0 : Number(b) / to,
    })),
  }
}
