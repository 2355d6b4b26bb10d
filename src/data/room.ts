import { Hono } from 'hono'
import type { Room } from '../kernel/platform.ts'
import type { Frame } from '../kernel/rest/arm.ts'
import { ensureSasKey } from './blob-face/authorize.ts'
import { blobRoutes } from './blob-face/face.ts'
import { codeContainers, codeVersions } from './assets/codes.ts'
import { dataContainers, dataVersions, tellOfData } from './assets/data.ts'
import { contractDefinitions, contractReconcilers } from './contracts/reconcile.ts'
import { cleanRoutes } from './stores/clean-routes.ts'
import { contractReportRoutes } from './contracts/report/routes.ts'
import { datastores } from './datastores/datastores.ts'
import { defaultDatastores, ensureDatastores } from './datastores/default-datastores.ts'
import { dataDiffs } from './diff/diffs.ts'
import { diffReconciler } from './diff/reconcile.ts'
import { workspaceActions } from './exploration/actions.ts'
import { summarizeData } from './lineage/summarize.ts'
import { checkConnection } from './transfers/databases/check.ts'
import { dataExports } from './transfers/exports/exports.ts'
import { exportKind, exportReconciler } from './transfers/exports/reconcile-exports.ts'
import { dataImports } from './transfers/imports/imports.ts'
import { importKind, importReconciler } from './transfers/imports/reconcile-imports.ts'
import { backfillFacts } from './facts/backfill.ts'
import { dataFacts } from './facts/reconcile.ts'
import { backfillLineage } from './lineage/backfill.ts'
import { makeProfiles } from './profile/reconcile.ts'
import { profiles } from './profile/profiles.ts'
import { profileRoutes } from './profile/routes.ts'
import { startSweeping, stopSweeping } from './stores/sweep.ts'
import { dataGrammars } from './grammars.ts'
import { tidyCache } from './transfer.ts'
import { tidyTransfers } from './transfers/work-folder.ts'
import { wakeUnended } from './transfers/transfer-reconciler.ts'

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
    profiles,
    dataDiffs,
    dataImports,
    dataExports,
  ],
  grammars: dataGrammars,
  eventTypes: {
    'Twinloop.DataContractPassed': 'A version of data is what is expected of it.',
    'Twinloop.DataContractFailed': 'A version of data is not what is expected of it.',
  },
  actions: {
    workspaces: { ...workspaceActions, summarizeData },
    'workspaces/connections': { check: checkConnection },
  },
  reconcilers: [
    defaultDatastores,
    dataFacts,
    ...contractReconcilers,
    makeProfiles,
    diffReconciler,
    importReconciler,
    exportReconciler,
  ],
  routes(platform) {
    const app = new Hono<Frame>()
    for (const routes of [blobRoutes, profileRoutes, contractReportRoutes, cleanRoutes])
      app.route('/', routes(platform))
    return app
  },
  async start(platform) {
    await ensureSasKey(platform)
    await tidyCache(platform)
    // The reconciler does the same, but later: whoever is told that the server is up finds the datastores there.
    for (const workspace of await platform.resources.list({ type: 'workspaces', view: 'all' }))
      await ensureDatastores(platform, workspace)
    await backfillLineage(platform, dataVersions.type, tellOfData)
    await backfillFacts(platform)
    await tidyTransfers(platform)
    await wakeUnended(importKind, platform)
    await wakeUnended(exportKind, platform)
    startSweeping(platform)
  },
  stop: stopSweeping,
}
