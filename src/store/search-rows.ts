import { sql, SqliteAdapter } from 'kysely'
import type { Db, Store } from './database.ts'
import type { ResourceRow } from './kernel-tables.ts'

/** PostgreSQL reads no JSON in which a NUL character stands. */
const textOf = (dialect: Store['dialect'], name: string) =>
  dialect === 'sqlite'
    ? `json_extract(properties, '$."${name}"')`
    : String.raw`(case when strpos(properties, '\u0000') > 0 then null else properties::jsonb ->> '${name}'::text end)`

/** What a search by name looks at, in lower case: the name, and what people call it. The index has the same expression. */
const searchableText = (dialect: Store['dialect']) =>
  sql.raw<string>(`lower(name || ' ' || coalesce(${textOf(dialect, 'displayName')}, ''))`)

/** Steps of pipelines are many and are found by their pipeline. */
const isNoStep = (dialect: Store['dialect']) =>
  sql.raw<boolean>(`${textOf(dialect, 'parentJobName')} is null`)

/**
 * Resources of a type below a workspace or registry (its key) whose name or display name has all of the words, in any
 * case: those that begin with the first word before the others, the newest first, archived ones not.
 */
export async function searchRows(
  db: Db,
  query: {
    readonly scope: string
    readonly type: string
    readonly words: readonly string[]
    readonly top: number
  },
): Promise<ResourceRow[]> {
  const dialect = db.getExecutor().adapter instanceof SqliteAdapter ? 'sqlite' : 'postgres'
  const text = searchableText(dialect)
  const has = (pattern: string) => sql<boolean>`${text} like lower(${pattern}) escape '\\'`
  const [first = '', ...rest] = query.words.map((word) => word.replaceAll(/[\\%_]/g, String.raw`\$&`))
  const matching = (begins: boolean) => {
    let select = db
      .selectFrom('resources')
      .selectAll()
      .where('scope', '=', query.scope)
      .where('type', '=', query.type)
      .where(isNoStep(dialect))
      .where(has(begins ? `${first}%` : `%${first}%`))
      .where('archived', '=', 0)
    for (const word of rest) select = select.where(has(`%${word}%`))
    return select.orderBy('created_at', 'desc').limit(query.top).execute()
  }
  const beginning = await matching(true)
  if (beginning.length === query.top) return beginning
  const known = new Set(beginning.map(({ key }) => key))
  const anywhere = (await matching(false)).filter(({ key }) => !known.has(key))
  return [...beginning, ...anywhere].slice(0, query.top)
}
