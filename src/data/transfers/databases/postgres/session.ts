import type { Client, ClientConfig, DatabaseError, FieldDef } from 'pg'
import { errors, UserError } from '../../../../kernel/errors.ts'
import { isCertificateError, lostReason, sentence } from '../failure.ts'
import { ConnectionLost } from '../sql-source.ts'

/** A connection to a PostgreSQL database with a transaction open in it. */
export interface PostgresSession {
  readonly client: Client
  /** Runs one statement, and no second one that may hide in its text. */
  ask(sql: string): Promise<Answer>
  /** What a failure means: see `failureOf`. */
  failure(error: unknown): Error
  /** Ends the transaction as it is told to, and the connection. Safe to call twice. */
  end(how: 'commit' | 'rollback'): Promise<void>
}

interface Answer {
  readonly rows: readonly (readonly (string | null)[])[]
  readonly fields: readonly FieldDef[]
}

/** How long a statement waits for somebody else's lock. */
const lockTimeoutMs = 60_000

/**
 * Connects and begins a transaction. Values come as PostgreSQL's own text: ISO dates in UTC, shortest exact floats.
 * Throws ConnectionLost if nobody answers, and badRequest if the database does not let us in.
 */
export async function beginPostgres(
  config: ClientConfig,
  options: { readonly name: string; readonly readOnly: boolean; readonly timeoutMs: number },
): Promise<PostgresSession> {
  const { Client } = await import('pg')
  const client = new Client({ ...config, types: { getTypeParser: () => String } })
  const failure = (error: unknown) => failureOf(error, options.name, config)
  // A connection that breaks while nothing is asked is noticed when something is.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(
      `set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'iso_8601'; set extra_float_digits = 3; ` +
        `set bytea_output = 'hex'; set statement_timeout = ${Math.floor(options.timeoutMs)}; set lock_timeout = ${lockTimeoutMs}; ` +
        `set cursor_tuple_fraction = 1`,
    )
    await client.query(
      options.readOnly ? 'begin transaction isolation level repeatable read read only' : 'begin',
    )
  } catch (error) {
    await client.end().catch(() => {})
    throw failure(error)
  }
  let ended = false
  return {
    client,
    failure,
    async ask(sql) {
      // The extended protocol takes one statement and no more.
      const query = { text: sql, rowMode: 'array', queryMode: 'extended' } as const
      try {
        return await client.query<(string | null)[]>(query)
      } catch (error) {
        throw failure(error)
      }
    },
    async end(how) {
      if (ended) return
      ended = true
      try {
        if (how === 'commit') await client.query('commit')
      } catch (error) {
        throw failure(error)
      } finally {
        // What still runs at the other end is cut off rather than waited for.
        if (how === 'rollback')
          (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
        else await client.end().catch(() => {})
      }
    },
  }
}

/** SQLSTATE classes that say nothing against what was asked: connection, resources, shutdown, conflict. */
const passing = /^(?:08|53|57P0|40|58|XX|55P03)/

/** The sentence for a failure, without anything secret: as ConnectionLost if it may pass, else as a UserError. */
function failureOf(error: unknown, name: string, { host, port, database, user }: ClientConfig): Error {
  if (error instanceof UserError || error instanceof ConnectionLost) return error
  const { code = '', message = String(error), position, hint } = error as Partial<DatabaseError>
  const at = `database '${database}' at ${host}:${port} (connection '${name}')`
  if (code === '28P01' || code === '28000')
    return errors.badRequest(
      `${sentence(at)} does not let user '${user}' in: ${message}. Put the connection again with the right credentials.`,
    )
  if (code === '3D000') return errors.badRequest(`There is no ${at}.`)
  if (code === '57014')
    return errors.badRequest(
      `${sentence(at)} ended the query: ${message}. Raise the import's timeout or ask for less.`,
    )
  if (/does not support SSL/.test(message))
    return errors.badRequest(
      `${sentence(at)} does not speak TLS. If the network between is trusted, write sslmode=disable into the connection's target.`,
    )
  if (isCertificateError(code, message))
    return errors.badRequest(
      `The certificate of ${at} cannot be verified: ${message}. Put the authority's certificate into the connection's metadata as ssl_root_cert; with sslmode=require nothing is verified.`,
    )
  if (/^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code) && !passing.test(code))
    return errors.badRequest(
      `${sentence(at)} refuses: ${message}${position === undefined ? '' : ` (at character ${position})`}.` +
        (hint === undefined ? '' : ` ${hint}`),
    )
  return new ConnectionLost(`${sentence(at)} cannot be reached: ${lostReason(code, message)}.`, {
    cause: error,
  })
}
