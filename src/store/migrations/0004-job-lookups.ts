import { sql } from 'kysely'
import type { SchemaStep } from '../migrate.ts'

/**
 * Indexes for what is asked of jobs at every step that one takes, so that a step costs the same however many jobs there
 * have been. Each repeats the expression by which `resource-rows.ts` reads text from JSON.
 */
export const jobLookups: SchemaStep = async (db, dialect) => {
  const text = (column: string, name: string) =>
    sql.raw(
      dialect === 'sqlite'
        ? `(case json_type(${column}, '$."${name}"') when 'true' then 'true' when 'false' then 'false'
            else cast(json_extract(${column}, '$."${name}"') as text) end)`
        : `((${column}::jsonb ->> '${name}'::text))`,
    )
  // PostgreSQL knows the asked type when it plans, and shall read no other resource's JSON; SQLite does not know it.
  const jobs = sql.raw(dialect === 'sqlite' ? '' : `type = 'workspaces/jobs' and`)
  for (const [index, before, column, name] of [
    ['resources_by_slot', 'type', 'status', 'slot'],
    ['resources_by_state', 'type', 'status', 'status'],
    ['resources_by_parent_job', 'parent, type', 'properties', 'parentJobName'],
    ['resources_by_reuse_key', 'parent, type', 'status', 'reuseKey'],
  ] as const)
    await sql`create index ${sql.ref(index)} on resources (${sql.raw(before)}, ${text(column, name)}, created_at)
      where ${jobs} ${text(column, name)} is not null`.execute(db)
}
