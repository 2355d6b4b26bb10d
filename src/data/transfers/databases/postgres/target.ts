import type { ClientConfig } from 'pg'
import { errors } from '../../../../kernel/errors.ts'
import { nearest } from '../../../../kernel/nearest.ts'
import { CopyIn } from './copy.ts'
import { beginPostgres, type PostgresSession } from './session.ts'
import type { SqlTarget, TableName, TargetColumn, Writing } from '../sql-target.ts'

/** Remembers in the database itself what was appended: it commits with the rows, or not at all. */
const ledger = 'twinloop_exports'

const incoming = 'twinloop_incoming'

/** A PostgreSQL database as a target: rows go in by COPY. */
export async function openPostgresTarget(
  config: ClientConfig,
  options: { readonly name: string; readonly timeoutMs: number },
): Promise<SqlTarget> {
  const session = await beginPostgres(config, { ...options, readOnly: false })
  return {
    write: (table, columns, writing) => write(session, table, columns, writing),
    close: () => session.end('rollback'),
  }
}

async function write(
  session: PostgresSession,
  table: TableName,
  columns: readonly TargetColumn[],
  { mode, keys, once, rows }: Writing,
): Promise<number | undefined> {
  const target = qualified(table)
  await ensureSchema(session, table)
  if (mode === 'append' && !(await isFirst(session, table, once))) return undefined
  await ensureTable(session, table, columns)
  const names = columns.map(({ name }) => quoted(name)).join(', ')
  if (mode === 'upsert') {
    await session.ask(
      `create temp table ${incoming} on commit drop as select ${names} from ${target} with no data`,
    )
    const count = await copy(session, incoming, names, rows)
    await mergeIncoming(session, target, columns, keys)
    await session.end('commit')
    return count
  }
  // Deleted, not truncated: whoever reads meanwhile goes on reading the old rows.
  if (mode === 'replace') await session.ask(`delete from ${target}`)
  const count = await copy(session, target, names, rows)
  if (mode === 'append')
    await session.ask(
      `update ${qualified({ ...table, name: ledger })} set rows = ${count} where export = ${literal(once)}`,
    )
  await session.end('commit')
  return count
}

async function copy(
  session: PostgresSession,
  target: string,
  names: string,
  rows: AsyncIterable<Uint8Array>,
) {
  const copying = new CopyIn(`copy ${target} (${names}) from stdin (format csv)`, rows)
  session.client.query(copying)
  return copying.done.promise.catch((error: unknown) => {
    throw session.failure(error)
  })
}

/** False if it was appended before; waits for another one that is just appending it. */
async function isFirst(session: PostgresSession, table: TableName, once: string): Promise<boolean> {
  const name = qualified({ ...table, name: ledger })
  const { rows: there } = await session.ask(`select to_regclass(${literal(name)})`)
  if (there[0]?.[0] === null)
    await session.ask(
      `create table if not exists ${name} (export text primary key, rows bigint, exported_at timestamptz not null default now())`,
    )
  const { rows } = await session.ask(
    `insert into ${name} (export) values (${literal(once)}) on conflict do nothing returning 1`,
  )
  return rows.length > 0
}

/** Makes the schema that a table is named with, where it is not there. */
async function ensureSchema(session: PostgresSession, { schema }: TableName): Promise<void> {
  if (schema === undefined) return
  const { rows } = await session.ask(`select to_regnamespace(${literal(quoted(schema))})`)
  // Only where it is missing: even `if not exists` asks for the right to make schemas.
  if (rows[0]?.[0] === null) await session.ask(`create schema if not exists ${quoted(schema)}`)
}

/** Makes the table, or sees that it has the columns. */
async function ensureTable(
  session: PostgresSession,
  table: TableName,
  columns: readonly TargetColumn[],
): Promise<void> {
  const target = qualified(table)
  const { rows } = await session.ask(
    `select attname::text from pg_attribute where attrelid = to_regclass(${literal(target)}) and attnum > 0 and not attisdropped`,
  )
  if (rows.length === 0) {
    await session.ask(
      `create table ${target} (${columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ')})`,
    )
    return
  }
  const there = rows.map(([name]) => name ?? '')
  const missing = columns.filter(({ name }) => !there.includes(name))
  if (missing.length === 0) return
  const [first] = missing
  const near = nearest(first?.name ?? '', there)
  throw errors.badRequest(
    `Table ${target} is there and has no column${missing.length > 1 ? 's' : ''} ${missing.map(({ name }) => `'${name}'`).join(', ')}` +
      `${near === undefined ? '' : ` (it has '${near}')`}: name the columns as the table does in a query, add them to it, or export to another table.`,
  )
}

async function mergeIncoming(
  session: PostgresSession,
  target: string,
  columns: readonly TargetColumn[],
  keys: readonly string[],
): Promise<void> {
  const keyList = keys.map(quoted).join(', ')
  const { rows: bad } = await session.ask(
    `select concat_ws(', ', ${keys.map((key) => `${quoted(key)}::text`).join(', ')}), count(*) from ${incoming} ` +
      `group by ${keyList} having count(*) > 1 or ${keys.map((key) => `${quoted(key)} is null`).join(' or ')} limit 1`,
  )
  if (bad[0] !== undefined)
    throw errors.badRequest(
      Number(bad[0][1]) > 1
        ? `${bad[0][1]} rows have the key (${bad[0][0]}): rows to upsert by ${keys.join(', ')} must have keys of their own.`
        : `A row has no value in its key (${keys.join(', ')}).`,
    )
  await session.ask(`lock table ${target} in share row exclusive mode`)
  const same = keys.map((key) => `t.${quoted(key)} = i.${quoted(key)}`).join(' and ')
  const others = columns.filter(({ name }) => !keys.includes(name)).map(({ name }) => quoted(name))
  if (others.length > 0)
    await session.ask(
      `update ${target} as t set ${others.map((name) => `${name} = i.${name}`).join(', ')} from ${incoming} as i where ${same}`,
    )
  const names = columns.map(({ name }) => quoted(name))
  await session.ask(
    `insert into ${target} (${names.join(', ')}) select ${names.map((name) => `i.${name}`).join(', ')} from ${incoming} as i ` +
      `where not exists (select 1 from ${target} as t where ${same})`,
  )
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const literal = (text: string) => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
const qualified = ({ schema, name }: TableName) =>
  schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`
