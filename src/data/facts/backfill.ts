import type { Platform } from '../../kernel/platform.ts'
import { isBackfilled, markBackfilled } from '../../store/lineage-rows.ts'
import { dataFacts } from './reconcile.ts'

/** Versions that are looked through at once. */
const page = 1000

/**
 * Asks once for the facts of every version that was made before this server recorded them. At the start of the room; they
 * are recorded one after another meanwhile, as those of new versions are.
 */
export async function backfillFacts(platform: Platform): Promise<void> {
  const { store, resources, clock } = platform
  if (await isBackfilled(store.db, dataFacts.name)) return
  const type = 'workspaces/data/versions'
  const orderBy = { field: 'createdAt', descending: false } as const
  for (let skip = 0; ; skip += page) {
    const found = await resources.list({ type, view: 'all', orderBy, skip, top: page })
    for (const { key, status } of found) if (status['facts'] === undefined) platform.wake(dataFacts.name, key)
    if (found.length < page) break
  }
  await markBackfilled(store.db, dataFacts.name, clock().getTime())
}
