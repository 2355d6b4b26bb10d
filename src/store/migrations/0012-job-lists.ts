import { sql } from 'kysely'
import type { SchemaStep } from '../migrate.ts'

/**
 * An index that holds all by which lists of jobs are counted, filtered, searched and ordered, so that none of it reads
 * the rows themselves: only the page that is shown does. Each text repeats the expression by which `resource-rows.ts`
 * reads it from JSON.
 */
export const jobLists: SchemaStep = async (db, dialect) => {
  const text = (column: string, name: string) =>
    sql.raw(
      dialect === 'sqlite'
        ? `(case json_type(${column}, '$."${name}"') when 'true' then 'true' when 'false' then 'false'
            else cast(json_extract(${column}, '$."${name}"') as text) end)`
        : `((${column}::jsonb ->> '${name}'::text))`,
    )
  const level = text('status', 'level')
  // PostgreSQL bounds what an index entry holds, and does not answer by expressions in an index alone.
  const texts =
    dialect === 'sqlite'
      ? sql`, ${text('status', 'status')}, name, ${text('properties', 'displayName')},
          ${text('properties', 'experimentName')}, created_by, ${text('properties', 'jobType')}, ${text('status', 'startTime')}`
      : sql``
  const jobs = sql.raw(dialect === 'sqlite' ? '' : `type = 'workspaces/jobs' and`)
  await sql`create index resources_by_level on resources
    (parent, type, ${level}, archived, created_at, key${texts}) where ${jobs} ${level} is not null`.execute(
    db,
  )
}
