import { identifier, literal, type Column, type Session } from '../../../analytics/analytics.ts'
import { typeKind } from '../../../analytics/type-kind.ts'
import { NoData } from '../population.ts'
import { requireColumn } from '../roles.ts'
import { windowInWords, type TimeWindow } from './part.ts'

/** A relation of which a part is wanted. */
interface Timed {
  /** SQL that can stand after `from`. */
  readonly relation: string
  readonly columns: readonly Column[]
  readonly shown: string
}

/** The time column that is told; else the only one there is. */
export function timeColumnOf(
  told: string | undefined,
  { columns, shown }: Pick<Timed, 'columns' | 'shown'>,
): Column {
  const names = columns.map(({ name }) => name)
  if (told !== undefined) requireColumn(told, { columns: names, source: shown })
  const times = columns.filter(({ type }) => typeKind(type) === 'timestamp')
  const found = told === undefined ? times : columns.filter(({ name }) => name === told)
  if (found[0] !== undefined && found.length === 1) return found[0]
  throw new NoData(
    `Which rows of ${shown} are of the window cannot be told: ` +
      (found.length === 0
        ? 'it has no column of times. '
        : `it has several columns of times (${found.map(({ name }) => name).join(', ')}). `) +
      'Name one in data_column_names.time_column.',
  )
}

/** SQL that is true of rows in the window. Times without a zone are taken as UTC; text is read as ISO 8601. */
export function inWindow({ name, type }: Column, { from, to }: TimeWindow): string {
  // Compared as it is where that is the same, so that a file's own bounds tell which of its rows need not be read.
  const isZoneless = type === 'TIMESTAMP'
  const column = identifier(name)
  const value = typeKind(type) === 'text' ? `try_cast(${column} as timestamptz)` : column
  const time = isZoneless ? value : `${value}::timestamptz`
  const moment = (at: Date) =>
    isZoneless
      ? `${literal(at.toISOString().slice(0, -1))}::timestamp`
      : `${literal(at.toISOString())}::timestamptz`
  return `${time} >= ${moment(from)} and ${time} < ${moment(to)}`
}

/** Why there are no rows of the window, with the times that there are. Never returns. */
export async function nothingInWindow(
  session: Session,
  { relation, shown }: Pick<Timed, 'relation' | 'shown'>,
  column: Column,
  window: TimeWindow,
): Promise<never> {
  const time = identifier(column.name)
  const [[rows, first, last] = []] = (
    await session.all(`select count(*), min(${time})::varchar, max(${time})::varchar from ${relation}`)
  ).rows
  if (Number(rows) === 0) throw new NoData(`There are no rows in ${shown}.`)
  throw new NoData(
    `No row of ${shown} has its ${column.name} ${windowInWords(window)}: ` +
      `its ${Number(rows).toLocaleString('en')} rows run from ${first as string} to ${last as string}.`,
  )
}
