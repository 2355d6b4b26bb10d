import type { Room } from '../kernel/platform.ts'
import { ensureSasKey } from './blob-face/authorize.ts'
import { blobRoutes } from './blob-face/face.ts'
import { codeContainers, codeVersions } from './assets/codes.ts'
import { dataContainers, dataVersions, tellOfData } from './assets/data.ts'
import { contractDefinitions, contractReconcilers } from './contracts/reconcile.ts'
import { datastores } from './datastores/datastores.ts'
import { defaultDatastores, ensureDatastores } from './datastores/default-datastores.ts'
import { dataDiffs } from './diff/diffs.ts'
import { diffReconciler } from './diff/reconcile.ts'
import { backfillLineage } from './lineage/backfill.ts'
import { startSweeping, stopSweeping } from './sweep.ts'
import { tidyCache } from './transfer.ts'

/** Element 1: where data is, what versions there are of it, and the bytes of everything as Azure Blob Storage. */
export const data: Room = {
  name: 'data',
  definitions: [
    datastores,
    dataContainers,
    dataVersions,
    codeContainers,
    codeVersions,
    ...contractDefinitions,
    dataDiffs,
  ],
  reconcilers: [defaultDatastores, ...contractReconcilers, diffReconciler],
  routes: blobRoutes,
  async start(platform) {
    await ensureSasKey(platform)
    await tidyCache(platform)
    // The reconciler does the same, but later: whoever is told that the server is up finds the datastores there.
    for (const workspace of await platform.resources.list({ type: 'workspaces', view: 'all' }))
      await ensureDatastores(platform, workspace)
    await backfillLineage(platform, dataVersions.type, tellOfData)
    startSweeping(platform)
  },
  stop: stopSweeping,
}
