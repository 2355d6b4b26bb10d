import type { ConnectionOptions } from 'mysql2'
import { errors } from '../../../../kernel/errors.ts'
import { csvRows } from '../csv-row.ts'
import { partsOf, PartWriter } from '../part-writer.ts'
import { checkNames, questionOf } from '../question.ts'
import type { ReadOptions, SourceColumn, SourcePart, Span, SqlSource } from '../sql-source.ts'
import { beginMysql, type MysqlSession } from './session.ts'
import { mappingOf, type TypeMapping } from './types.ts'

/** A MySQL or MariaDB database as a source: rows come as text, and are held back while files are used. */
export async function openMysql(
  config: ConnectionOptions,
  options: { readonly name: string; readonly timeoutMs: number },
): Promise<SqlSource> {
  const session = await beginMysql(config, options)
  const mappings = new Map<string, readonly TypeMapping[]>()
  /** What was found out about the columns of a query when it was described. */
  const mappingsOf = async (query: string) => {
    if (!mappings.has(query)) await describe(session, query, mappings)
    return mappings.get(query) ?? []
  }
  return {
    describe: (query) => describe(session, query, mappings),
    async span(query, columns, column, after) {
      const mapping = (await mappingsOf(query))[column.position]
      return span(session, relation(query, columns), column, mapping, after)
    },
    async *read(query, reading) {
      yield* read(session, query, await mappingsOf(query), reading)
    },
    close: () => session.close(),
  }
}

/**
 * The server prepares the query by itself, which it does for one statement only, and then as a relation, which it does
 * for a `select` only: neither runs it.
 */
async function describe(
  session: MysqlSession,
  query: string,
  mappings: Map<string, readonly TypeMapping[]>,
): Promise<readonly SourceColumn[]> {
  const names = await session.prepare(questionOf(query))
  checkNames(names)
  const positions = names.map((_, position) => ({ position }))
  const { fields } = await session.ask(`${relation(query, positions)} select * from q limit 0`)
  const mapped = fields.map(mappingOf)
  mappings.set(query, mapped)
  return names.map((name, position) => {
    const { type, duckdb, cast, warning } = mapped[position] ?? mappingOf(nothing)
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

const nothing = { columnType: 6, flags: 0, characterSet: 63, columnLength: 0, decimals: 0 }

/** A query as a relation `q` whose columns are `c0`, `c1`, …: no name of the user's is in the way. */
const relation = (query: string, columns: readonly { readonly position: number }[]) =>
  `with q (${columns.map(({ position }) => `c${position}`).join(', ')}) as (${questionOf(query)}\n)`

interface Ordered {
  /** The expression by which rows are ordered. */
  readonly by: string
  readonly literal: (text: string) => string
}

/** How rows are ordered by a column. Throws badRequest for a column whose values have no order. */
function orderOf({ name, position, type }: SourceColumn, mapping: TypeMapping | undefined): Ordered {
  const order = mapping?.order
  if (order === undefined)
    throw errors.badRequest(
      `Rows cannot be imported by column '${name}': values of type ${type} have no order. Take a number, a time or a text.`,
      { target: 'properties.incremental.column' },
    )
  return {
    by: order.by.replaceAll('$', () => `c${position}`),
    literal(text) {
      const literal = order.literal(text)
      if (literal !== undefined) return literal
      throw errors.badRequest(`'${text}' is no value of column '${name}', which is ${type}.`)
    },
  }
}

async function span(
  session: MysqlSession,
  from: string,
  column: SourceColumn,
  mapping: TypeMapping | undefined,
  after?: string,
): Promise<Span> {
  const { by, literal } = orderOf(column, mapping)
  const name = `c${column.position}`
  const beyond = after === undefined ? `${name} is not null` : `${by} > ${literal(after)}`
  const { rows } = await session.ask(
    `${from} select count(case when ${beyond} then 1 end), max(case when ${beyond} then ${by} end), ` +
      `count(case when ${name} is null then 1 end) from q`,
  )
  const row = rows[0] ?? []
  return { rows: Number(row[0]), high: row[1] ?? undefined, nulls: Number(row[2]) }
}

async function* read(
  session: MysqlSession,
  query: string,
  mappings: readonly TypeMapping[],
  { columns, folder, partBytes, order, arrived }: ReadOptions,
): AsyncGenerator<SourcePart> {
  const ordered = order && orderOf(order.column, mappings[order.column.position])
  const sent = columns.map(({ position }) => mappings[position]?.send.replaceAll('$', () => `c${position}`))
  const select = `${relation(query, columns)} select ${[...(ordered ? [ordered.by] : []), ...sent].join(', ')} from q`
  const bounds =
    ordered === undefined || order === undefined
      ? ''
      : ` where ${ordered.by} <= ${ordered.literal(order.upTo)}${order.after === undefined ? '' : ` and ${ordered.by} > ${ordered.literal(order.after)}`} order by ${ordered.by}`
  const dates = [...(ordered ? [''] : []), ...columns.map(({ duckdb }) => duckdb)].map((duckdb) =>
    /^(?:DATE|TIMESTAMP)/.test(duckdb),
  )
  const parts = new PartWriter({ folder, partBytes, isOrdered: order !== undefined })
  const encode = csvRows()
  const rows = session.stream(select + bounds, (values) => {
    const known = values.map((value, i) =>
      value !== null && dates[i] === true && isNoDate(value) ? null : value,
    )
    const nulled = known.reduce((sum, value, i) => sum + (value === values[i] ? 0 : 1), 0)
    const bytes = encode(known)
    parts.add(bytes, nulled)
    arrived?.(1, bytes.length)
    if (parts.isBehind) rows.pause()
  })
  const ended = rows.done.then(
    () => parts.end(),
    (error: unknown) => parts.fail(error as Error),
  )
  yield* partsOf(parts, ended, () => rows.resume())
}

const zero = 0x30

/** True for a date whose month or day is zero, such as `0000-00-00`: MySQL's way to write that it is not known. */
const isNoDate = (value: Buffer) =>
  (value[5] === zero && value[6] === zero) || (value[8] === zero && value[9] === zero)
