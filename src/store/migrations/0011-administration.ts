import { sql } from 'kysely'
import type { SchemaStep } from '../migrate.ts'

/**
 * What is searched by name stands in an index, which repeats the expressions of `search-rows.ts`, so that no search reads
 * what resources say; tokens tell when they were used last; what a container holds is added up from an index.
 */
export const administration: SchemaStep = async (db, dialect) => {
  const text = (name: string) =>
    dialect === 'sqlite'
      ? `json_extract(properties, '$."${name}"')`
      : String.raw`(case when strpos(properties, '\u0000') > 0 then null else properties::jsonb ->> '${name}'::text end)`
  await sql`create index resources_by_text on resources
    (scope, type, archived, created_at, ${sql.raw(`lower(name || ' ' || coalesce(${text('displayName')}, ''))`)})
    where ${sql.raw(text('parentJobName'))} is null`.execute(db)
  await sql`alter table tokens add column last_used_at bigint`.execute(db)
  await sql`create index blobs_by_size on blobs (container, size)`.execute(db)
}
