import type { ClientConfig } from 'pg'
import { partsOf, PartWriter } from '../part-writer.ts'
import { CopyOut } from './copy.ts'
import { beginPostgres, type PostgresSession } from './session.ts'
import { mappingOf } from './types.ts'
import { checkNames, questionOf } from '../question.ts'
import type { ReadOptions, SourceColumn, SourcePart, Span, SqlSource } from '../sql-source.ts'

/** A PostgreSQL database as a source: rows come by COPY, which PostgreSQL streams as it finds them. */
export async function openPostgres(
  config: ClientConfig,
  options: { readonly name: string; readonly timeoutMs: number },
): Promise<SqlSource> {
  const session = await beginPostgres(config, { ...options, readOnly: true })
  return {
    describe: (query) => describe(session, query),
    span: (query, columns, column, after) => span(session, relation(query, columns), column, after),
    read: (query, reading) => read(session, query, reading),
    close: () => session.end('rollback'),
  }
}

/**
 * A cursor takes one `select`, `values` or `with` and nothing else, however the text is written: only what has passed
 * here is put into parentheses later.
 */
async function describe(session: PostgresSession, query: string): Promise<readonly SourceColumn[]> {
  const question = questionOf(query)
  await session.ask(`declare described no scroll cursor for ${question}`)
  const { fields } = await session.ask('fetch 0 from described')
  await session.ask('close described')
  checkNames(fields.map(({ name }) => name))
  const { rows: types } = await session.ask(
    `select ${fields.map((field) => `format_type(${field.dataTypeID}, ${field.dataTypeModifier})`).join(', ')}`,
  )
  return fields.map(({ name }, position) => {
    const type = types[0]?.[position] ?? 'text'
    const { duckdb, cast, warning } = mappingOf(type)
    return {
      name,
      position,
      type,
      duckdb,
      cast,
      ...(warning === undefined ? {} : { warning: `Column '${name}' ${warning}.` }),
    }
  })
}

async function span(
  session: PostgresSession,
  from: string,
  { position }: SourceColumn,
  after?: string,
): Promise<Span> {
  const column = `c${position}`
  const beyond = after === undefined ? `${column} is not null` : `${column} > ${quoted(after)}`
  const { rows } = await session.ask(
    `select count(*) filter (where ${beyond}), max(${column}) filter (where ${beyond})::text, ` +
      `count(*) filter (where ${column} is null) from ${from}`,
  )
  const row = rows[0] ?? []
  return { rows: Number(row[0]), high: row[1] ?? undefined, nulls: Number(row[2]) }
}

/** A query that was described, as a relation whose columns are `c0`, `c1`, …: no name of the user's is in the way. */
const relation = (query: string, columns: readonly SourceColumn[]) =>
  `(${questionOf(query)}\n) as q (${columns.map(({ position }) => `c${position}`).join(', ')})`

async function* read(
  session: PostgresSession,
  query: string,
  { columns, folder, partBytes, order, arrived }: ReadOptions,
): AsyncGenerator<SourcePart> {
  const key = order === undefined ? undefined : `c${order.column.position}`
  const sent = columns.map(({ position, type }) => mappingOf(type).send.replaceAll('$', () => `c${position}`))
  const bounds =
    order === undefined
      ? ''
      : ` where ${key} <= ${quoted(order.upTo)}${order.after === undefined ? '' : ` and ${key} > ${quoted(order.after)}`} order by q.${key}`
  const select = `select ${[...(key === undefined ? [] : [`${key}::text as sent`]), ...sent].join(', ')} from ${relation(query, columns)}${bounds}`
  const parts = new PartWriter({ folder, partBytes, isOrdered: order !== undefined })
  const copy = new CopyOut(`copy (${select}) to stdout (format csv, force_quote *)`, (bytes) => {
    parts.add(bytes)
    arrived?.(1, bytes.length)
    if (parts.isBehind) copy.pause()
  })
  session.client.query(copy)
  const ended = copy.done.promise.then(
    () => parts.end(),
    (error: unknown) => parts.fail(session.failure(error)),
  )
  yield* partsOf(parts, ended, () => copy.resume())
}

/** A value as a literal of the type that it is compared with. */
const quoted = (text: string) =>
  text.includes('\\')
    ? ` E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`
