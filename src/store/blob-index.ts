import type { Selectable } from 'kysely'
import {
  BlobExists,
  BlobMissing,
  type BlobIndex,
  type BlobInfo,
  type BlobName,
} from '../artifacts/artifacts.ts'
import { afterPrefix } from '../artifacts/names.ts'
import type { BlobTables } from './blob-tables.ts'
import type { Db, Store } from './database.ts'

/** Rows of one insert; nine parameters each, well below either dialect's limit. */
const rowsPerInsert = 500

/** Which bytes a name means, in the store's `blobs` and `blob_blocks`. */
export function createBlobIndex(store: Store, clock: () => Date = () => new Date()): BlobIndex {
  const { db } = store
  return {
    find: (name) => findBlob(db, name),

    async copy(from, to, options = {}) {
      return store.transaction(async (tx) => {
        // On PostgreSQL the row is held until this commits; on SQLite transactions are one after another anyway.
        const source = tx.selectFrom('blobs').selectAll().where('container', '=', from.container)
        const found = source.where('path', '=', from.path)
        const row = await (store.dialect === 'postgres' ? found.forShare() : found).executeTakeFirst()
        if (row === undefined) throw missing(from)
        const copy = { ...asBlob(row), ...to }
        await write(tx, [copy], options.ifAbsent ?? false)
        return copy
      })
    },

    async setMetadata({ container, path, etag, modifiedAt }, metadata) {
      const row = await db
        .updateTable('blobs')
        .set({ metadata: JSON.stringify(metadata), etag, modified_at: modifiedAt.getTime() })
        .where('container', '=', container)
        .where('path', '=', path)
        .returningAll()
        .executeTakeFirst()
      if (row === undefined) throw missing({ container, path })
      return asBlob(row)
    },

    set: (blobs, options = {}) => store.transaction((tx) => write(tx, blobs, options.ifAbsent ?? false)),

    async list(container, prefix, from, limit) {
      const end = afterPrefix(prefix)
      let query = db
        .selectFrom('blobs')
        .selectAll()
        .where('container', '=', container)
        .where('path', '>=', prefix)
        .where('path', '>=', from)
      if (end !== undefined) query = query.where('path', '<', end)
      return (await query.orderBy('path').limit(limit).execute()).map(asBlob)
    },

    async remove(name) {
      const named = db
        .deleteFrom('blobs')
        .where('container', '=', name.container)
        .where('path', '=', name.path)
      return (await named.executeTakeFirst()).numDeletedRows > 0n
    },

    async containers() {
      const found = await db
        .selectFrom('blobs')
        .select('container')
        .union(db.selectFrom('blob_blocks').select('container'))
        .orderBy('container')
        .execute()
      return found.map((row) => row.container)
    },

    removeContainer: (container) =>
      store.transaction(async (tx) => {
        await tx.deleteFrom('blob_blocks').where('container', '=', container).execute()
        const gone = await tx.deleteFrom('blobs').where('container', '=', container).executeTakeFirst()
        return Number(gone.numDeletedRows)
      }),

    async stage({ container, path }, blockId, { digest, size }) {
      const row = { container, path, block_id: blockId, digest, size, staged_at: clock().getTime() }
      await db
        .insertInto('blob_blocks')
        .values(row)
        .onConflict((conflict) => conflict.columns(['container', 'path', 'block_id']).doUpdateSet(row))
        .execute()
    },

    async staged(name) {
      const rows = await db
        .selectFrom('blob_blocks')
        .select(['block_id', 'digest', 'size'])
        .where('container', '=', name.container)
        .where('path', '=', name.path)
        .orderBy('block_id')
        .execute()
      return new Map(rows.map((row) => [row.block_id, { digest: row.digest, size: row.size }]))
    },

    async unstage({ container, path }) {
      await db.deleteFrom('blob_blocks').where('container', '=', container).where('path', '=', path).execute()
    },

    async unstageOlder(before) {
      const old = db.deleteFrom('blob_blocks').where('staged_at', '<', before.getTime())
      return Number((await old.executeTakeFirst()).numDeletedRows)
    },

    async refers(digest) {
      const row = await db
        .selectFrom('blobs')
        .select('digest')
        .where('digest', '=', digest)
        .union(db.selectFrom('blob_blocks').select('digest').where('digest', '=', digest))
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

/** Bytes and blobs of each container; bytes that several names mean count for each. */
export const containerSizes = async (db: Db) =>
  (
    await db
      .selectFrom('blobs')
      .select((eb) => [
        'container',
        eb.fn.sum<number | string>('size').as('bytes'),
        eb.fn.countAll<number | string>().as('count'),
      ])
      .groupBy('container')
      .execute()
  ).map(({ container, bytes, count }) => ({ container, bytes: Number(bytes), count: Number(count) }))

const missing = ({ container, path }: BlobName) => new BlobMissing(`There is no blob ${container}/${path}.`)

async function findBlob(db: Db, { container, path }: BlobName): Promise<BlobInfo | undefined> {
  const row = await db
    .selectFrom('blobs')
    .selectAll()
    .where('container', '=', container)
    .where('path', '=', path)
    .executeTakeFirst()
  return row && asBlob(row)
}

async function write(tx: Db, blobs: readonly BlobInfo[], ifAbsent: boolean): Promise<void> {
  for (let start = 0; start < blobs.length; start += rowsPerInsert) {
    const rows = blobs.slice(start, start + rowsPerInsert).map(asRow)
    const insert = tx.insertInto('blobs').values(rows)
    const result = await insert
      .onConflict((conflict) => {
        const taken = conflict.columns(['container', 'path'])
        if (ifAbsent) return taken.doNothing()
        return taken.doUpdateSet((row) => ({
          digest: row.ref('excluded.digest'),
          md5: row.ref('excluded.md5'),
          size: row.ref('excluded.size'),
          content_type: row.ref('excluded.content_type'),
          metadata: row.ref('excluded.metadata'),
          etag: row.ref('excluded.etag'),
          modified_at: row.ref('excluded.modified_at'),
        }))
      })
      .executeTakeFirst()
    if (ifAbsent && Number(result.numInsertedOrUpdatedRows) < rows.length)
      throw new BlobExists(`There is a blob of that name already: ${await firstTaken(tx, blobs)}.`)
  }
}

/** Names one of the blobs that were there before, for the error. */
async function firstTaken(tx: Db, blobs: readonly BlobInfo[]): Promise<string> {
  for (const blob of blobs) {
    const found = await findBlob(tx, blob)
    if (found !== undefined && found.etag !== blob.etag) return `${blob.container}/${blob.path}`
  }
  return 'one of them'
}

function asBlob(row: Selectable<BlobTables['blobs']>): BlobInfo {
  return {
    container: row.container,
    path: row.path,
    digest: row.digest,
    md5: row.md5,
    size: row.size,
    contentType: row.content_type,
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    etag: row.etag,
    modifiedAt: new Date(row.modified_at),
  }
}

function asRow(blob: BlobInfo): Selectable<BlobTables['blobs']> {
  return {
    container: blob.container,
    path: blob.path,
    digest: blob.digest,
    md5: blob.md5,
    size: blob.size,
    content_type: blob.contentType,
    metadata: JSON.stringify(blob.metadata),
    etag: blob.etag,
    modified_at: blob.modifiedAt.getTime(),
  }
}
