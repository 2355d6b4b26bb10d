import type { ConnectionOptions, QueryError } from 'mysql2'
import { errors, UserError } from '../../../../kernel/errors.ts'
import { isCertificateError, lostReason, sentence } from '../failure.ts'
import { ConnectionLost } from '../sql-source.ts'
import type { MysqlField } from './types.ts'

/** A connection to a MySQL or MariaDB database with a read-only transaction open in it. */
export interface MysqlSession {
  /** Names of the columns that a statement would answer with. It is not run. */
  prepare(sql: string): Promise<readonly string[]>
  ask(sql: string): Promise<Answer>
  /** Hands over rows as they come, whose bytes are only good until the call returns. */
  stream(sql: string, row: (values: readonly (Buffer | null)[]) => void): Streaming
  /** Ends the transaction and the connection, and what still runs at the other end. Safe to call twice. */
  close(): Promise<void>
}

interface Answer {
  readonly rows: readonly (readonly (string | null)[])[]
  readonly fields: readonly MysqlField[]
}

export interface Streaming {
  /** Resolves when all rows have come. */
  readonly done: Promise<void>
  pause(): void
  resume(): void
}

const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1000))
/** A statement waits so long for somebody else's lock. */
const lockSeconds = 60
/** A year: the longest that the servers take. */
const mostSeconds = 31_536_000

/**
 * Connects and begins a transaction in which nothing can be written, at one moment, in UTC. Throws ConnectionLost if
 * nobody answers, and badRequest if the database does not let us in.
 */
export async function beginMysql(
  config: ConnectionOptions,
  options: { readonly name: string; readonly timeoutMs: number },
): Promise<MysqlSession> {
  const { createConnection } = await import('mysql2')
  const failure = (error: unknown) => failureOf(error, options.name, config)
  const connection = createConnection(config)
  // A connection that breaks while nothing is asked is noticed when something is.
  let broken: Error | undefined
  const watching = new Set<(error: Error) => void>()
  connection.on('error', (error) => {
    broken = error
    for (const tell of watching) tell(error)
  })
  let running = 0
  let ended: Promise<void> | undefined

  /** Runs one command, and fails with the connection. */
  const command = async <T>(run: (done: (error: unknown, value?: T) => void) => void): Promise<T> => {
    const result = Promise.withResolvers<T>()
    running++
    const lost = (error: Error) => result.reject(failure(error))
    watching.add(lost)
    try {
      if (broken !== undefined) lost(broken)
      else
        run((error, value) =>
          error === null || error === undefined ? result.resolve(value as T) : result.reject(failure(error)),
        )
      return await result.promise
    } finally {
      watching.delete(lost)
      running--
    }
  }
  const ask = (sql: string) =>
    command<Answer>((done) =>
      connection.query<never>({ sql }, (error, rows: unknown, fields: unknown) =>
        done(error, {
          rows: (Array.isArray(rows) ? (rows as (Buffer | null)[][]) : []).map((row) =>
            row.map((value) => value?.toString() ?? null),
          ),
          fields: (fields ?? []) as MysqlField[],
        }),
      ),
    )
  const session: MysqlSession = {
    ask,
    async prepare(sql) {
      const statement = await command<{ columns: readonly { name: string }[] }>((done) =>
        connection.prepare(sql, (error, prepared) => done(error, prepared as never)),
      )
      connection.unprepare(sql)
      return statement.columns.map(({ name }) => name)
    },
    stream(sql, row) {
      const done = command<void>((settle) => {
        const query = connection.query({ sql })
        query.on('result', (values: unknown) => row(values as (Buffer | null)[]))
        query.on('error', settle)
        query.on('end', () => settle(null))
      })
      return { done, pause: () => connection.pause(), resume: () => connection.resume() }
    },
    close: () => (ended ??= end()),
  }
  const end = async () => {
    const isBusy = running > 0 && broken === undefined
    const { threadId } = connection
    connection.destroy()
    // The server would go on with what nobody waits for until it has a row to send.
    if (isBusy && typeof threadId === 'number') await kill(config, threadId)
    for (const tell of watching) tell(new Error('Connection terminated'))
  }
  try {
    await command<void>((done) => connection.connect((error) => done(error)))
    await begin(ask, options.timeoutMs)
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}

async function begin(ask: MysqlSession['ask'], timeoutMs: number): Promise<void> {
  const { rows } = await ask('select version()')
  const limit = Math.min(seconds(timeoutMs), mostSeconds)
  const longest = String(rows[0]?.[0]).includes('MariaDB')
    ? `max_statement_time = ${Math.max(timeoutMs / 1000, 0.001)}`
    : `max_execution_time = ${Math.ceil(timeoutMs)}`
  // Rows are held back while files are stored: the server must not take that for a client that is gone.
  await ask(
    `set session time_zone = '+00:00', ${longest}, lock_wait_timeout = ${lockSeconds}, net_write_timeout = ${limit}, wait_timeout = ${limit}`,
  )
  await ask('set session transaction isolation level repeatable read')
  await ask('start transaction with consistent snapshot, read only')
}

/** Ends what a connection that is gone has left running. What fails here would have ended at its time limit. */
async function kill(config: ConnectionOptions, threadId: number): Promise<void> {
  const { createConnection } = await import('mysql2')
  const connection = createConnection(config)
  const done = Promise.withResolvers<void>()
  connection.on('error', () => done.resolve())
  connection.query(`kill ${threadId}`, () => done.resolve())
  await done.promise
  connection.destroy()
}

/** Errors that say nothing against what was asked: too many connections, shutdown, lost, locks, deadlock, out of memory. */
const passing = new Set([
  1040, 1053, 1077, 1152, 1158, 1159, 1160, 1161, 1203, 1205, 1213, 1226, 1037, 1041, 2006, 2013,
])

/** The sentence for a failure, without anything secret: as ConnectionLost if it may pass, else as a UserError. */
function failureOf(error: unknown, name: string, { host, port, database, user }: ConnectionOptions): Error {
  if (error instanceof UserError || error instanceof ConnectionLost) return error
  const { code = '', errno = 0, message = String(error) } = error as Partial<QueryError>
  const at = `database '${database}' at ${host}:${port} (connection '${name}')`
  if (errno === 1045 || errno === 1044 || errno === 1698)
    return errors.badRequest(
      `${sentence(at)} does not let user '${user}' in: ${message}. Put the connection again with the right credentials.`,
    )
  if (errno === 1049) return errors.badRequest(`There is no ${at}.`)
  if (errno === 3024 || errno === 1969)
    return errors.badRequest(
      `${sentence(at)} ended the query: ${message}. Raise the import's timeout or ask for less.`,
    )
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT')
    return errors.badRequest(
      `${sentence(at)} does not speak TLS. If the network between is trusted, write ssl-mode=DISABLED into the connection's target.`,
    )
  if (isCertificateError(code, message))
    return errors.badRequest(
      `The certificate of ${at} cannot be verified: ${message}. Put the authority's certificate into the connection's metadata as ssl_root_cert; with ssl-mode=REQUIRED nothing is verified.`,
    )
  if (errno >= 1000 && errno < 5000 && !passing.has(errno))
    return errors.badRequest(`${sentence(at)} refuses: ${message.replace(/\.$/, '')}.`)
  return new ConnectionLost(`${sentence(at)} cannot be reached: ${lostReason(code, message)}.`, {
    cause: error,
  })
}
