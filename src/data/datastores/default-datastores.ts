import { childId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { ownDatastores } from '../containers.ts'

/** Makes the workspace's own datastores where they are missing; with them, the workspace is ready. */
export async function ensureDatastores(platform: Platform, workspace: Resource): Promise<void> {
  for (const name of Object.keys(ownDatastores)) {
    const id = childId(workspace.id, 'datastores', name)
    if ((await platform.resources.find(id)) !== undefined) continue
    await platform.resources.put(platform.identity('data'), id, {
      properties: { datastoreType: 'AzureBlob' },
    })
  }
  if (workspace.status['provisioningState'] !== 'Succeeded')
    await platform.resources.setStatus(workspace.key, { provisioningState: 'Succeeded' })
}

export const defaultDatastores: Reconciler = {
  name: 'default-datastores',
  types: ['workspaces'],
  async reconcile(workspace, { platform }) {
    if (!workspace.deleting) await ensureDatastores(platform, workspace)
  },
}
