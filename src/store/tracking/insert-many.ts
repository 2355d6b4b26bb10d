import { sql, type CompiledQuery, type DialectAdapter } from 'kysely'
import type { Database, Db } from '../database.ts'

/** An insert of any number of rows. Tables and columns are the program's own words, never a user's. */
export interface Insertion {
  readonly table: keyof Database
  readonly columns: readonly string[]
  /** What follows the rows: `on conflict …`, `returning …`; may hold no parameters. */
  readonly tail: string
}

/** Rows a statement takes: few sizes, so that each statement is compiled and prepared once. */
const sizes = [256, 32, 4, 1] as const

const compiled = new WeakMap<DialectAdapter, Map<Insertion, Map<number, CompiledQuery>>>()

/**
 * Inserts the rows, each an array in the order of the columns, and returns what a `returning` tail gives. Many times
 * faster than building the statement anew, which costs more than the insertion itself. Not atomic by itself: call it
 * in a transaction.
 */
export async function insertMany<Returned = never>(
  db: Db,
  insertion: Insertion,
  rows: readonly (readonly unknown[])[],
): Promise<readonly Returned[]> {
  const returned: Returned[] = []
  let from = 0
  for (const size of sizes) {
    for (; rows.length - from >= size; from += size) {
      const parameters = rows.slice(from, from + size).flat()
      const result = await db.executeQuery<Returned>({
        ...statement(db, insertion, size),
        parameters,
      })
      for (const row of result.rows) returned.push(row)
    }
  }
  return returned
}

function statement(db: Db, insertion: Insertion, size: number): CompiledQuery {
  const { adapter } = db.getExecutor()
  const ofDialect = remember(compiled, adapter, () => new Map<Insertion, Map<number, CompiledQuery>>())
  const ofInsertion = remember(ofDialect, insertion, () => new Map<number, CompiledQuery>())
  return remember(ofInsertion, size, () => {
    const { table, columns, tail } = insertion
    const row = sql`(${sql.join(columns.map(() => null))})`
    return sql`insert into ${sql.table(table)} (${sql.join(columns.map((c) => sql.ref(c)))})
      values ${sql.join(Array.from({ length: size }, () => row))} ${sql.raw(tail)}`.compile(db)
  })
}

function remember<K extends object | number, V>(
  cache: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const known = cache.get(key)
  if (known !== undefined) return known
  const made = make()
  cache.set(key, made)
  return made
}
