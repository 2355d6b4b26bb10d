import { AnalyticsError, identifier, literal, type Session } from '../../../analytics/analytics.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { cellText } from '../cell-text.ts'
import type { SourceColumn, SourcePart } from '../databases/sql-source.ts'

/** As DuckDB writes it by default, and most readers like it. */
const parquet = '(format parquet, compression zstd, row_group_size 122880)'

/** DuckDB's own limit, below which a longer one need not be asked for. */
const plainLine = 2_000_000

/** Makes a Parquet file of a part's rows, with the types of its columns. Throws badRequest for a value that does not fit. */
export async function convertPart(
  platform: Platform,
  part: SourcePart,
  columns: readonly SourceColumn[],
  file: {
    readonly folder: string
    readonly path: string
    readonly isOrdered: boolean
    readonly signal: AbortSignal
  },
): Promise<void> {
  const { folder, path, isOrdered, signal } = file
  const texts = [...(isOrdered ? ['sent'] : []), ...columns.map(({ position }) => `c${position}`)]
  const from =
    `read_csv(${literal(part.path)}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', ` +
    `nullstr = '', allow_quoted_nulls = false, max_line_size = ${Math.max(plainLine, part.longestRow * 2)}, ` +
    `columns = {${texts.map((name) => `${name}: 'VARCHAR'`).join(', ')}})`
  const values = columns.map(
    ({ name, position, cast }) => `${cast.replaceAll('$', `c${position}`)} as ${identifier(name)}`,
  )
  const options = { reads: [part.path], writes: [folder], signal }
  await platform.analytics.session(options, async (session) => {
    try {
      await session.run(`copy (select ${values.join(', ')} from ${from}) to ${literal(path)} ${parquet}`)
    } catch (error) {
      if (!(error instanceof AnalyticsError) || error.kind === 'lost') throw error
      throw (await misfit(session, columns, from)) ?? error
    }
  })
}

/** The first column with a value that is not of its type. */
async function misfit(session: Session, columns: readonly SourceColumn[], from: string) {
  for (const { name, position, type, duckdb, cast } of columns) {
    const text = `c${position}`
    const tried = `try(${cast.replaceAll('$', text)})`
    const { rows } = await session.all(
      `select ${text} from ${from} where ${text} is not null and ${tried} is null limit 1`,
    )
    const value = rows[0]?.[0]
    if (value === undefined) continue
    return errors.badRequest(
      `Column '${name}' is ${type}, and its value ${JSON.stringify(cellText(value).slice(0, 100))} is no ${duckdb}: ` +
        `cast it in the query, for instance to double precision or to text.`,
    )
  }
  return undefined
}

/** Makes Parquet files of a relation, of about `rows` rows each; answers their names and rows. */
export async function convertRelation(
  session: Session,
  relation: string,
  folder: string,
  prefix: string,
): Promise<readonly { readonly name: string; readonly rows: number }[]> {
  await session.run(
    `copy (select * from ${relation}) to ${literal(folder)} ` +
      `(format parquet, compression zstd, row_group_size 122880, file_size_bytes '128MB', filename_pattern ${literal(`${prefix}{i}`)}, overwrite_or_ignore)`,
  )
  const { rows } = await session.all(
    `select file_name, num_rows from parquet_file_metadata(${literal(`${folder}/*.parquet`)}) order by 1`,
  )
  return rows.map(([name, count]) => ({
    name: cellText(name).slice(folder.length + 1),
    rows: Number(count),
  }))
}
