import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely'
import type { Database, Store } from './database.ts'
import { migrate } from './migrate.ts'

/** Statements kept prepared; beyond it the least recently used one is dropped. */
const preparedStatements = 256

const pragmas = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 10000;
  PRAGMA foreign_keys = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -65536;
  PRAGMA case_sensitive_like = ON;
`

/**
 * Opens (and makes, and brings up to date) the embedded store: one SQLite file, or ':memory:'. WAL with
 * `synchronous = NORMAL`: a transaction survives the death of the process, and that of the machine up to the last
 * checkpoint of the log. Throws NewerStore for one that a newer Twinloop has used.
 */
export async function openSqlite(file: string): Promise<Store> {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const sqlite = new DatabaseSync(file)
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: asKyselyDatabase(sqlite) }) })
  try {
    sqlite.exec(pragmas)
    await migrate(db, 'sqlite')
  } catch (error) {
    sqlite.close()
    throw error
  }
  return {
    db,
    dialect: 'sqlite',
    transaction: (work) => db.transaction().execute(work),
    close: () => db.destroy(),
  }
}

/** `node:sqlite` in the shape that Kysely's SQLite dialect expects, with a cache of prepared statements. */
function asKyselyDatabase(sqlite: DatabaseSync): SqliteDatabase {
  const cache = new Map<string, SqliteStatement>()
  return {
    close: () => sqlite.close(),
    prepare(sql) {
      const cached = cache.get(sql)
      if (cached !== undefined) {
        cache.delete(sql)
        cache.set(sql, cached)
        return cached
      }
      const statement = sql === 'rollback' ? rollback(sqlite) : asKyselyStatement(sqlite.prepare(sql))
      cache.set(sql, statement)
      if (cache.size > preparedStatements) cache.delete(cache.keys().next().value ?? '')
      return statement
    },
  }
}

/** SQLite may have rolled back by itself (the disk is full, say): then there is nothing to do, and its error stands. */
function rollback(sqlite: DatabaseSync): SqliteStatement {
  const statement = asKyselyStatement(sqlite.prepare('rollback'))
  const nothing = { changes: 0, lastInsertRowid: 0 }
  return {
    ...statement,
    run: (parameters) => (sqlite.isTransaction ? statement.run(parameters) : nothing),
  }
}

function asKyselyStatement(statement: StatementSync): SqliteStatement {
  const bind = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bind(parameters)),
    run: (parameters) => statement.run(...bind(parameters)),
    iterate: (parameters) => statement.iterate(...bind(parameters)),
  }
}
