import { open } from 'node:fs/promises'
import { identifier, type Column, type Session } from '../../../analytics/analytics.ts'
import { typeKind } from '../../../analytics/type-kind.ts'
import type { DataTable } from '../../../data/tables/tables.ts'
import type { TimeWindow } from './part.ts'
import { inWindow } from './time-filter.ts'

/**
 * The file that a table's rows lie in as they are wanted, so that nothing has to be copied: one Parquet file, all of whose
 * rows are in the window if there is one. Undefined where they have to be read and written.
 */
export async function fileAsItLies(
  session: Session,
  { name, format, files }: DataTable,
  wanted: { readonly window: TimeWindow | undefined; readonly column: Column | undefined },
): Promise<string | undefined> {
  const [file, another] = files
  if (format !== 'parquet' || file === undefined || another !== undefined) return undefined
  if (!(await isPlain(file.path))) return undefined
  if (wanted.window === undefined) return file.path
  return (await isWithin(session, name, wanted.column, wanted.window)) ? file.path : undefined
}

/** Whether all rows are in the window: a file tells the least and the greatest of its times without being read. */
async function isWithin(
  session: Session,
  name: string,
  column: Column | undefined,
  window: TimeWindow,
): Promise<boolean> {
  if (column === undefined || typeKind(column.type) !== 'timestamp') return false
  const time = identifier(column.name)
  const { rows } = await session.all(
    `select n > 0 and n = timed and ${inWindow({ name: 'first', type: column.type }, window)}
       and ${inWindow({ name: 'last', type: column.type }, window)}
     from (select count(*) as n, count(${time}) as timed, min(${time}) as first, max(${time}) as last
       from ${identifier(name)})`,
  )
  return rows[0]?.[0] === true
}

/** Whether the file itself is Parquet, and not one that had to be unpacked to be read. */
async function isPlain(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.toString('latin1') === 'PAR1'
  } finally {
    await file.close()
  }
}
