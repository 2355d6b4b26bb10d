import { sql } from 'kysely'
import type { SchemaStep } from '../migrate.ts'

export const approvalLinks: SchemaStep = async (db) => {
  await sql`create table approval_links (hash text not null primary key, principal_id text not null,
    release text not null, stage text not null, verdict text not null, evidence text not null,
    created_at bigint not null, expires_at bigint not null, used_at bigint not null)`.execute(db)
  await sql`create index approval_links_by_expiry on approval_links (expires_at)`.execute(db)
}
