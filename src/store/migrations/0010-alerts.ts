import { sql } from 'kysely'
import type { SchemaStep } from '../migrate.ts'

export const alerts: SchemaStep = async (db) => {
  await sql`create table alert_states (rule text not null primary key, scope text not null, version bigint not null,
    evaluated_at bigint not null, next_at bigint not null, settled integer not null, state text not null)`.execute(
    db,
  )
  await sql`create index alert_states_by_scope on alert_states (scope)`.execute(db)
  await sql`create table incident_numbers (scope text not null primary key, last bigint not null)`.execute(db)
  await sql`create table alert_groups (routing text not null, key text not null, state text not null,
    primary key (routing, key))`.execute(db)
}
