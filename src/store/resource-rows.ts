import { sql, SqliteAdapter, type RawBuilder, type SelectQueryBuilder, type SqlBool } from 'kysely'
import type { Database, Db } from './database.ts'
import type { ResourceRow } from './kernel-tables.ts'

/** Which resources to list; see `ListQuery` of the kernel, whose ids are keys here. */
export interface RowQuery {
  readonly type: string
  readonly parent?: string | undefined
  readonly scope?: string | undefined
  readonly view: 'active' | 'archived' | 'all'
  /** Equality by dotted path into `properties`, `status` or `envelope`; null asks that the path be present. */
  readonly where: ReadonlyMap<string, string | null>
  readonly conditions?: readonly RowCondition[]
  /** Each word must stand in one of the paths, in any case of (Latin) letters. */
  readonly search?: { readonly words: readonly string[]; readonly paths: readonly string[] }
  /** One of `columns`, or a dotted path; what has no value there comes last. */
  readonly orderBy: string
  readonly descending: boolean
  readonly skip: number
  readonly top: number
}

/** See `ListCondition` of the kernel. */
export interface RowCondition {
  readonly path: string
  readonly comparator: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'in' | 'contains' | 'startswith'
  readonly value: string | number | readonly (string | number)[]
}

/** Columns by the names that a path may begin with instead of a JSON column's. */
const columns: Readonly<Record<string, string>> = {
  name: 'name',
  createdAt: 'created_at',
  createdBy: 'created_by',
  modifiedAt: 'modified_at',
}

export const findRow = (db: Db, key: string): Promise<ResourceRow | undefined> =>
  db.selectFrom('resources').selectAll().where('key', '=', key).executeTakeFirst()

export const insertRow = (db: Db, row: ResourceRow) => db.insertInto('resources').values(row).execute()

/** Replaces the row if it still has the etag `before`; false if somebody was faster. */
export async function replaceRow(db: Db, row: ResourceRow, before: string): Promise<boolean> {
  const { key, ...rest } = row
  const result = await db
    .updateTable('resources')
    .set(rest)
    .where('key', '=', key)
    .where('etag', '=', before)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export const deleteRow = (db: Db, key: string) => db.deleteFrom('resources').where('key', '=', key).execute()

/** The resource's direct and indirect children, deepest last. */
export const rowsBelow = (db: Db, key: string): Promise<ResourceRow[]> =>
  db
    .selectFrom('resources')
    .selectAll()
    .where('key', '>', `${key}/`)
    .where('key', '<', `${key}0`)
    .orderBy('key')
    .execute()

/** How many resources of each type are below one, directly or not. */
export const countsBelow = async (db: Db, key: string): Promise<ReadonlyMap<string, number>> => {
  const rows = await db
    .selectFrom('resources')
    .select((eb) => ['type', eb.fn.countAll<number | string>().as('count')])
    .where('key', '>', `${key}/`)
    .where('key', '<', `${key}0`)
    .groupBy('type')
    .orderBy('type')
    .execute()
  return new Map(rows.map(({ type, count }) => [type, Number(count)]))
}

/** Resources of a type that match, in order, ties by key, so that paging is stable. */
export const listRows = (db: Db, query: RowQuery): Promise<ResourceRow[]> => listQuery(db, query).execute()

/** The query by which `listRows` reads: the page is found by keys alone, so that only its rows are read whole. */
export function listQuery(db: Db, query: RowQuery) {
  const direction = query.descending ? 'desc' : 'asc'
  const nulls = Object.hasOwn(columns, query.orderBy) ? '' : ' nulls last'
  const order = sql`${valueAt(db, query.orderBy)} ${sql.raw(direction + nulls)}`
  const page = filtered(db, query)
    .select('key')
    .orderBy(order)
    .orderBy('key', direction)
    .limit(query.top)
    .offset(query.skip)
  return db
    .selectFrom('resources')
    .selectAll()
    .where('key', 'in', page)
    .orderBy(order)
    .orderBy('key', direction)
}

/** How many resources match, in all pages together. */
export async function countRows(db: Db, query: RowQuery): Promise<number> {
  const found = await filtered(db, query)
    .select((eb) => eb.fn.countAll<number | bigint | string>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(found.n)
}

/** Names of the children of a type, for messages that offer the nearest one. */
export const namesOf = async (db: Db, parent: string, type: string): Promise<string[]> =>
  (
    await db
      .selectFrom('resources')
      .select('name')
      .where('parent', '=', parent)
      .where('type', '=', type)
      .limit(500)
      .execute()
  ).map((r) => r.name)

function filtered(db: Db, query: RowQuery): SelectQueryBuilder<Database, 'resources', unknown> {
  let select: SelectQueryBuilder<Database, 'resources', unknown> = db
    .selectFrom('resources')
    .where('type', '=', query.type)
  if (query.parent !== undefined) select = select.where('parent', '=', query.parent)
  if (query.scope !== undefined) select = select.where('scope', '=', query.scope)
  if (query.view !== 'all') select = select.where('archived', '=', query.view === 'archived' ? 1 : 0)
  for (const [path, wanted] of query.where) {
    const found = jsonText(db, path)
    select = wanted === null ? select.where(found, 'is not', null) : select.where(found, '=', wanted)
  }
  for (const condition of query.conditions ?? []) select = select.where(holds(db, condition))
  for (const word of query.search?.words ?? [])
    select = select.where((eb) =>
      eb.or((query.search?.paths ?? []).map((path) => contains(valueAt(db, path), word))),
    )
  return select
}

function holds(db: Db, { path, comparator, value }: RowCondition): RawBuilder<SqlBool> {
  const found = valueAt(db, path)
  switch (comparator) {
    case 'contains':
      return contains(found, String(value))
    case 'startswith':
      return sql`${found} like ${`${escaped(String(value))}%`} escape '\\'`
    case 'in':
      return sql`${found} in (${sql.join(value as readonly unknown[])})`
    case 'ne':
      return sql`(${found} is null or ${found} <> ${value})`
    default:
      return sql`${found} ${sql.raw({ eq: '=', gt: '>', ge: '>=', lt: '<', le: '<=' }[comparator])} ${value}`
  }
}

const contains = (found: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> =>
  sql`lower(${found}) like lower(${`%${escaped(text)}%`}) escape '\\'`

/** What LIKE would read as a pattern, as it stands. */
const escaped = (text: string) => text.replaceAll(/[\\%_]/g, String.raw`\$&`)

/** One of the columns, or text in JSON. */
const valueAt = (db: Db, path: string): RawBuilder<unknown> =>
  Object.hasOwn(columns, path) ? sql`${sql.ref(`resources.${columns[path]}`)}` : jsonText(db, path)

/**
 * Text at a dotted path of one of the JSON columns, e.g. `properties.tags.team`, on either dialect. What follows
 * `tags` or the inner `properties` is one name, for those often have dots in theirs.
 */
function jsonText(db: Db, path: string) {
  const tag = /^(\w+)\.(tags|properties)\.(.*)$/s.exec(path)
  const [column = 'properties', ...names] = tag === null ? path.split('.') : tag.slice(1)
  const json = sql.ref(`resources.${column}`)
  // Only a literal matches an index of the same expression; a tag is a user's word and stays a parameter.
  const word = (text: string) => (tag === null ? sql.lit(text) : sql.val(text))
  if (isSqlite(db)) {
    const jsonPath = word(`$${names.map((n) => `."${n.replaceAll('"', '')}"`).join('')}`)
    // As PostgreSQL writes them: `true`, where SQLite would say 1.
    return sql<
      string | null
    >`case json_type(${json}, ${jsonPath}) when 'true' then 'true' when 'false' then 'false'
      else cast(json_extract(${json}, ${jsonPath}) as text) end`
  }
  const last = names.pop() ?? ''
  const inner = names.map((name) => sql`-> ${word(name)}::text`)
  return sql<string | null>`(${json}::jsonb ${sql.join(inner, sql` `)} ->> ${word(last)}::text)`
}

const isSqlite = (db: Db) => db.getExecutor().adapter instanceof SqliteAdapter
