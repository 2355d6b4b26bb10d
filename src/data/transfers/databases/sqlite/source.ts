import type { OpenConnection } from '../../../../admin/connections.ts'
import { errors } from '../../../../kernel/errors.ts'
import type { Platform } from '../../../../kernel/platform.ts'
import { PartWriter } from '../part-writer.ts'
import { checkNames, questionOf } from '../question.ts'
import type { ReadOptions, SourceColumn, SourcePart, Span, SqlSource } from '../sql-source.ts'
import { openFile } from './file.ts'
import type { DescribedColumn } from './messages.ts'
import { startSqlite, type SqliteFile, type SqliteSession } from './session.ts'
import { mappingOf } from './types.ts'

/** A SQLite database as a source, wherever the connection says that its file lies. */
export async function openSqlite(
  connection: OpenConnection,
  asking: { readonly platform: Platform; readonly scope: string; readonly timeoutMs: number },
): Promise<SqlSource> {
  const file = await openFile(connection, asking)
  const source = readSqlite(file, { name: connection.name, timeoutMs: asking.timeoutMs })
  return {
    ...source,
    async close() {
      await source.close()
      await file.release()
    },
  }
}

/** A SQLite file as a source: a process of its own reads it, in which SQLite may take its time. */
export function readSqlite(
  file: SqliteFile,
  options: { readonly name: string; readonly timeoutMs: number },
): SqlSource {
  const session = startSqlite(file, options)
  /** SQLite's expressions for the columns of a query, by the query. */
  const sends = new Map<string, readonly string[]>()
  const describeNow = async (query: string) => {
    const question = questionOf(query)
    const found = (await session.ask({ do: 'describe', question })) as readonly DescribedColumn[]
    checkNames(found.map(({ name }) => name))
    const mappings = found.map(mappingOf)
    sends.set(
      query,
      mappings.map(({ send }) => send),
    )
    return mappings.map(({ type, duckdb, cast, warning }, position) => ({
      name: found[position]?.name ?? '',
      position,
      type,
      duckdb,
      cast,
      ...(warning === undefined ? {} : { warning: `Column '${found[position]?.name}' ${warning}.` }),
    }))
  }
  return {
    describe: describeNow,
    span: (query, columns, column, after) => span(session, relation(query, columns), column, after),
    async *read(query, reading) {
      if (!sends.has(query)) await describeNow(query)
      yield* read(session, query, sends.get(query) ?? [], reading)
    },
    close: () => session.close(),
  }
}

/** A query as a relation `q` whose columns are `c0`, `c1`, …: no name of the user's is in the way. */
const relation = (query: string, columns: readonly SourceColumn[]) =>
  `with q (${columns.map(({ position }) => `c${position}`).join(', ')}) as (${questionOf(query)}\n)`

/** A value as a literal that is compared as the column's values are: a text would be beyond every number. */
function literal({ name, type, duckdb }: SourceColumn, text: string): string {
  if (duckdb === 'BLOB') return `x'${Buffer.from(text, 'hex').toString('hex')}'`
  if (!/^(?:BIGINT|DOUBLE|BOOLEAN|DECIMAL)/.test(duckdb)) return `'${text.replaceAll("'", "''")}'`
  if (/^[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(text)) return text
  if (/^-?inf$/.test(text)) return text.replace('inf', '9e999')
  throw errors.badRequest(`'${text}' is no value of column '${name}', which is ${type}.`)
}

/** Values are ordered by their bytes: a collation may hold two different texts for the same. */
const keyOf = ({ position }: SourceColumn) => `c${position} collate binary`

async function span(
  session: SqliteSession,
  from: string,
  column: SourceColumn,
  after?: string,
): Promise<Span> {
  const key = keyOf(column)
  const beyond =
    after === undefined ? `c${column.position} is not null` : `${key} > ${literal(column, after)}`
  const row = (await session.ask({
    do: 'row',
    sql: `${from} select count(*) filter (where ${beyond}), max(${key}) filter (where ${beyond}), count(*) filter (where c${column.position} is null) from q`,
  })) as readonly (string | null)[]
  return { rows: Number(row[0]), high: row[1] ?? undefined, nulls: Number(row[2]) }
}

async function* read(
  session: SqliteSession,
  query: string,
  sends: readonly string[],
  { columns, folder, partBytes, order, arrived }: ReadOptions,
): AsyncGenerator<SourcePart> {
  const key = order && keyOf(order.column)
  const sent = columns.map(({ position }) => sends[position]?.replaceAll('$', () => `c${position}`))
  const bounds =
    order === undefined
      ? ''
      : ` where ${key} <= ${literal(order.column, order.upTo)}${order.after === undefined ? '' : ` and ${key} > ${literal(order.column, order.after)}`} order by ${key}`
  const select = `select ${[...(order ? [`c${order.column.position}`] : []), ...sent].join(', ')} from q${bounds}`
  const parts = new PartWriter({ folder, partBytes, isOrdered: order !== undefined })
  const ended = session
    .ask({ do: 'rows', sql: `${relation(query, columns)} ${select}` }, (bytes) => {
      parts.add(bytes)
      arrived?.(1, bytes.length)
      if (parts.isBehind) session.pause()
    })
    .then(
      () => parts.end(),
      (error: unknown) => parts.fail(error as Error),
    )
  try {
    for (;;) {
      const part = await parts.next(() => session.resume())
      if (part === undefined) break
      yield part
    }
    await ended
  } finally {
    await parts.stop()
    // What is left of the rows comes before the answers to other questions.
    session.resume()
  }
}
