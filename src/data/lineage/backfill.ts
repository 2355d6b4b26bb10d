import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Db } from '../../store/database.ts'
import { isBackfilled, markBackfilled } from '../../store/lineage-rows.ts'

/** Resources whose lineage is told in one transaction. */
const page = 200

/**
 * Tells once of everything of a type that was made before this server kept lineage, oldest first; `tell` writes what
 * the resource's own writes would have. At the start of a room, before requests are taken. Killed in between, it begins
 * anew at the next start.
 */
export async function backfillLineage(
  platform: Platform,
  type: string,
  tell: (db: Db, resource: Resource) => Promise<void>,
): Promise<void> {
  const { store, resources, clock } = platform
  if (await isBackfilled(store.db, type)) return
  const orderBy = { field: 'createdAt', descending: false } as const
  for (let skip = 0; ; skip += page) {
    const found = await resources.list({ type, view: 'all', orderBy, skip, top: page })
    await store.transaction(async (tx) => {
      for (const resource of found) await tell(tx, resource)
    })
    if (found.length < page) break
  }
  await markBackfilled(store.db, type, clock().getTime())
}
