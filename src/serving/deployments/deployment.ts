import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { revisionId } from './revision/revision-id.ts'
import type { Runtime } from './runtime.ts'
import type { DeploymentProperties } from './settings.ts'

/** Name of the reconciler that brings deployments up. */
export const deploymentsReconciler = 'online-deployments'

export type Deployment = Resource<DeploymentProperties, Json & { readonly runtime?: Runtime }>

/** Puts on record that this cannot be brought up, and why; what serves goes on. */
export async function fail(deployment: Deployment, message: string, platform: Platform): Promise<void> {
  const { serving, coming, retiring = [] } = deployment.status.runtime ?? {}
  const kept = new Set(serving?.processes)
  const left = [...retiring, ...(coming?.processes ?? [])].filter((process) => !kept.has(process))
  const runtime: Runtime = {
    ...deployment.status.runtime,
    coming: null,
    retiring: [...new Set(left)],
    failedGeneration: deployment.generation,
    failedRevision: revisionId(deployment),
  }
  const status = { provisioningState: 'Failed', error: { code: 'DeploymentFailed', message }, runtime }
  await platform.resources.setStatus(deployment.key, status, { etag: deployment.etag })
}
