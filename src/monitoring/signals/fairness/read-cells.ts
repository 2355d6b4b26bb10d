import type { Session } from '../../../analytics/analytics.ts'
import type { GroupCells } from '../../../statistics/fairness/cells.ts'
import type { OutcomeRows } from '../../outcomes/outcomes.ts'

/** Rows of a window by group, counted. */
export interface CountedGroups {
  /** All rows with a prediction; nothing of it is told by label. */
  readonly predicted: GroupCells
  /** Those of them with a label. */
  readonly labelled: GroupCells
}

/** Counts rows by the values of some of the view's segment columns, with `positive` as the favourable class. */
export async function readCells(
  session: Session,
  { view }: OutcomeRows,
  positive: number,
  features: readonly { readonly name: string; readonly column: string }[],
): Promise<CountedGroups> {
  const columns = features.map(({ column }) => column).join(', ')
  const { rows } = await session.all(
    `select ${columns}, y = ${positive} as label, (said = ${positive})::integer as said, count(*)
       from ${view} where said is not null group by all order by ${columns}`,
  )
  const names: string[][] = []
  const codes = new Map<string, number>()
  for (const row of rows) {
    const name = row.slice(0, features.length).map(String)
    const key = JSON.stringify(name)
    if (codes.has(key)) continue
    codes.set(key, names.length)
    names.push(name)
  }
  const empty = () => new Float64Array(4 * names.length)
  const [predicted, labelled] = [empty(), empty()]
  for (const row of rows) {
    const code = codes.get(JSON.stringify(row.slice(0, features.length).map(String))) ?? 0
    const [label, said, count] = row.slice(features.length)
    const cell = 4 * code + Number(said)
    predicted[cell] = (predicted[cell] ?? 0) + Number(count)
    if (label !== null) labelled[cell + 2 * Number(label)] = Number(count)
  }
  const of = (counts: Float64Array): GroupCells => ({
    features: features.map(({ name }) => name),
    names,
    counts,
  })
  return { predicted: of(predicted), labelled: of(labelled) }
}
