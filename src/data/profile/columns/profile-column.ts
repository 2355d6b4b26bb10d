import type { Session } from '../../../analytics/analytics.ts'
import type { ColumnProfile } from '../profile.ts'
import { countValues, readFrequencies } from './frequencies.ts'
import type { TableColumn } from './kinds.ts'
import { profileNumbers } from './numbers.ts'
import { semanticType } from './semantic-type.ts'
import { profileTexts } from './texts.ts'
import { profileTimes } from './times.ts'

/** Everything about one column of a table of so many rows: one look at the data, the rest from its counted values. */
export async function profileColumn(
  session: Session,
  table: string,
  column: TableColumn,
  { rows, now }: { readonly rows: number; readonly now: Date },
): Promise<ColumnProfile> {
  await countValues(session, table, column)
  const { missing, distinct, present, top } = await readFrequencies(session, column, rows)
  const details = await detailsOf(session, column, { distinct, present, now })
  return {
    name: column.name,
    storageType: column.type,
    semanticType: semanticType(column, { distinct, present, ...details }),
    missing,
    distinct: { count: distinct, exact: true },
    unique: rows > 0 && distinct === rows,
    ...details,
    top,
  }
}

async function detailsOf(
  session: Session,
  { kind }: TableColumn,
  { distinct, present, now }: { readonly distinct: number; readonly present: number; readonly now: Date },
): Promise<Pick<ColumnProfile, 'numeric' | 'text' | 'datetime' | 'histogram'>> {
  if (kind === 'number') return profileNumbers(session, present)
  if (kind === 'time') return profileTimes(session, now)
  if (kind === 'text') return { text: await profileTexts(session, distinct) }
  return {}
}
