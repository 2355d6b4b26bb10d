import { double, identifier, literal, type Column, type Cell } from '../../analytics/analytics.ts'
import { answerOf } from '../../data/exploration/answer.ts'
import { errors } from '../../kernel/errors.ts'
import type { Segment } from '../outcomes/segments.ts'
import { comparedAs, shownAs } from '../signals/drift/categorical.ts'
import { columnSql, isNumerical, numberSql, type Side } from '../signals/drift/sides.ts'
import { openFeature, type Compared } from './compared.ts'
import { presentSql } from './distribution.ts'
import type { OpenSignal } from './open-signal.ts'

/** Which rows of a window: those whose value of a feature is in a bin, is one of these, is missing, or is new. */
export interface RowsAsked {
  readonly feature: string
  readonly segment?: Segment
  readonly side: 'production' | 'reference'
  /** From this number on. */
  readonly from?: number
  /** Below this number. */
  readonly to?: number
  /** Categories by their names, as distributions have them. */
  readonly values?: readonly string[]
  readonly missing?: boolean
  /** Categories that the reference has not. */
  readonly unseen?: boolean
  readonly top: number
}

/** Rows as they stand, the feature's column first, the latest rows first where they have a time. */
export interface RowsFound {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  /** How many there are of them. */
  readonly total: number
  readonly truncated: boolean
}

/** Finds them. Throws NoData where they cannot be read, badRequest for a question that does not fit the feature. */
export async function rowsOf(open: OpenSignal, asked: RowsAsked): Promise<RowsFound> {
  const compared = await openFeature(open, asked.feature, asked.segment)
  const side = compared[asked.side]
  const where = conditionOf(compared, side, asked)
  return open.populations.session(async (session) => {
    const own = columnSql(side, compared.column)
    const { time } = side.population.roles
    const order = time === undefined ? '' : ` order by ${identifier(time)} desc`
    const counted = await session.all(`select count(*) from ${side.relation} where ${where}`)
    const total = Number(counted.rows[0]?.[0] ?? 0)
    const table = await session.all(
      `select ${own}, * exclude (${own}) from ${side.relation} where ${where}${order} limit ${asked.top}`,
    )
    const { columns, rows } = answerOf({ ...table, truncated: false }, {}, 0)
    return { columns, rows, total, truncated: total > rows.length }
  })
}

function conditionOf({ column, reference }: Compared, side: Side, asked: RowsAsked): string {
  const { from, to, values, missing = false, unseen = false } = asked
  const there = presentSql(column, side)
  const isOfBins = from !== undefined || to !== undefined
  if ([isOfBins, values !== undefined, missing, unseen].filter(Boolean).length > 1)
    throw errors.badRequest(
      'Ask by from and to, by values, for missing ones or for unseen ones: by one of these.',
    )
  if (missing) return `not coalesce(${there}, false)`
  if (isOfBins) {
    if (!isNumerical(column))
      throw errors.badRequest(`'${column.name}' is a category: ask for its values.`, { target: 'from' })
    const x = numberSql(side, column)
    return [
      there,
      ...(from === undefined ? [] : [`${x} >= ${double(from)}`]),
      ...(to === undefined ? [] : [`${x} < ${double(to)}`]),
    ].join(' and ')
  }
  const own = comparedAs(column, columnSql(side, column))
  if (values !== undefined)
    return `${there} and ${shownAs(column, `(${own})`)} in (${values.map(literal).join(', ')})`
  if (!unseen) return 'true'
  const known = comparedAs(column, columnSql(reference, column))
  return `${there} and ${own} not in (select ${known} from ${reference.relation} where ${presentSql(column, reference)})`
}
