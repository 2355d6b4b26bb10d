import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { anonymousEnvironment } from '../../training/environments/anonymous.ts'
import { builderOf, specificationFor } from '../../training/environments/find.ts'
import { layOutModel, modelRequirements } from '../deployments/revision/model-folder.ts'
import { servingOf } from '../serving.ts'
import type { BatchDeploymentStatus } from './batch-deployments.ts'
import { pipelineOf, type BatchDeployment } from './settings.ts'

export const batchDeploymentsReconciler = 'batch-deployments'

/** Makes a batch deployment ready: its environment is there before the first job asks for it, or it says why not. */
export const reconcileBatchDeployment: Reconciler = {
  name: batchDeploymentsReconciler,
  types: ['workspaces/batchEndpoints/deployments'],
  async reconcile(resource, { platform }) {
    const deployment = resource as unknown as Resource<BatchDeployment> & {
      readonly status: BatchDeploymentStatus
    }
    const { key, etag, status, generation } = deployment
    if (status.provisioningState === 'Succeeded' || status.provisioningState === 'Failed') return
    const settled = servingOf(platform).inBackground(
      `batch ${key}`,
      String(generation),
      (signal) => ensureEnvironment(deployment, platform, signal),
      () => platform.wake(batchDeploymentsReconciler, key),
    )
    if (settled === undefined) return
    if ('value' in settled) {
      const environmentId = settled.value ?? null
      await platform.resources.setStatus(
        key,
        { provisioningState: 'Succeeded', error: null, environmentId },
        { etag },
      )
      return
    }
    const { error } = settled
    if (!(error instanceof UserError)) throw error
    const why = { code: error.kind.code, message: error.message }
    await platform.resources.setStatus(key, { provisioningState: 'Failed', error: why }, { etag })
  },
}

/** The environment of the deployment, built; its id, where it was made of what the model asks for. */
async function ensureEnvironment(
  { scope, properties }: Resource<BatchDeployment>,
  platform: Platform,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (pipelineOf(properties) !== undefined) return undefined
  const made = properties.environmentId ? undefined : await ofModel(properties, scope, platform)
  const specification = await specificationFor(made ?? properties.environmentId ?? '', {
    platform,
    workspace: scope,
    target: 'properties.environmentId',
  })
  await builderOf(platform).ensure(specification, { signal })
  return made
}

/** Registers what an MLflow model asks for as an environment without a name. */
async function ofModel({ model }: BatchDeployment, scope: string, platform: Platform): Promise<string> {
  const folder = await mkdtemp(join(platform.config.home, 'model-'))
  try {
    await layOutModel(platform, scope, model?.assetId ?? '', folder)
    const { condaFile, requirements = '' } = await modelRequirements(folder)
    const packages = requirements.split('\n').filter((line) => line.trim() !== '')
    return await anonymousEnvironment(platform, scope, {
      condaFile: condaFile ?? stringify({ dependencies: ['python', 'pip', { pip: packages }] }),
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
