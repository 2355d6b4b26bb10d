import { sql } from 'kysely'
import type { SchemaStep } from '../migrate.ts'

/** Paths are ordered by their bytes on both dialects, as Azure Blob lists them. */
export const blobs: SchemaStep = async (db, dialect) => {
  const path = sql.raw(dialect === 'sqlite' ? 'text not null' : 'text collate "C" not null')
  await sql`create table blobs (container text not null, path ${path}, digest text not null, md5 text not null,
    size bigint not null, content_type text not null, metadata text not null, etag text not null,
    modified_at bigint not null, primary key (container, path))`.execute(db)
  await sql`create index blobs_by_digest on blobs (digest)`.execute(db)
  await sql`create table blob_blocks (container text not null, path ${path}, block_id text not null,
    digest text not null, size bigint not null, staged_at bigint not null,
    primary key (container, path, block_id))`.execute(db)
  await sql`create index blob_blocks_by_digest on blob_blocks (digest)`.execute(db)
}
