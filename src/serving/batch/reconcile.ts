import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { anonymousEnvironment } from '../../training/environments/anonymous.ts'
import type { Environment } from '../../training/environments/builder.ts'
import { builderOf, specificationFor } from '../../training/environments/find.ts'
import { layOutModel, modelRequirements, readMlModel } from '../deployments/revision/model-folder.ts'
import { compiledUri, keyOfCompiled, programsKey } from '../deployments/native/cache.ts'
import { decideRuntime } from '../deployments/native/decide.ts'
import { sentenceOf } from '../deployments/native/verdict.ts'
import { servingOf } from '../serving.ts'
import type { BatchDeploymentStatus } from './batch-deployments.ts'
import { pipelineOf, type BatchDeployment } from './settings.ts'

export const batchDeploymentsReconciler = 'batch-deployments'

/** Makes a batch deployment ready: its environment is there before the first job asks for it, and
 * what scores is decided; or it says why not. */
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
      (signal) => makeReady(deployment, platform, signal),
      () => platform.wake(batchDeploymentsReconciler, key),
    )
    if (settled === undefined) return
    if ('value' in settled) {
      const {
        environmentId = null,
        runtime = null,
        runtimeProof = null,
        compiledUri = null,
        provenBy = null,
      } = settled.value
      await platform.resources.setStatus(
        key,
        {
          provisioningState: 'Succeeded',
          error: null,
          environmentId,
          runtime,
          runtimeProof,
          compiledUri,
          provenBy,
        },
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

/** What a deployment that is ready has found. */
type Found = Omit<BatchDeploymentStatus, 'provisioningState' | 'error'>

/** Builds the deployment's environment, and decides what scores in it. */
async function makeReady(
  deployment: Resource<BatchDeployment>,
  platform: Platform,
  signal: AbortSignal,
): Promise<Found> {
  const { scope, properties } = deployment
  if (pipelineOf(properties) !== undefined) return {}
  if (properties.codeConfiguration) {
    await ensureEnvironment(properties.environmentId ?? '', scope, platform, signal)
    return { runtime: 'python (scoring script)' }
  }
  const folder = await mkdtemp(join(platform.config.home, 'model-'))
  try {
    const modelFolder = join(folder, 'model')
    await layOutModel(platform, scope, properties.model?.assetId ?? '', modelFolder)
    const made = properties.environmentId ? undefined : await environmentOf(modelFolder, scope, platform)
    const reference = made ?? properties.environmentId ?? ''
    const environment = await ensureEnvironment(reference, scope, platform, signal)
    const mlmodel = await readMlModel(modelFolder)
    const found = made === undefined ? {} : { environmentId: made }
    if (mlmodel === undefined) return found
    const variables = { ...environment.variables, ...properties.environmentVariables }
    const verdict = await decideRuntime(
      { platform, workspace: scope, folder, modelFolder, mlmodel, variables, environment },
      async (line) => platform.log.info(line, { deployment: deployment.id }),
      signal,
    )
    if (verdict.kind === 'python') return { ...found, runtime: sentenceOf(verdict) }
    const compiled = compiledUri(await keyOfCompiled(modelFolder, environment.key))
    return {
      ...found,
      runtime: sentenceOf(verdict),
      runtimeProof: verdict.proof,
      compiledUri: compiled,
      provenBy: await programsKey(),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function ensureEnvironment(
  reference: string,
  workspace: string,
  platform: Platform,
  signal: AbortSignal,
): Promise<Environment> {
  const target = 'properties.environmentId'
  const specification = await specificationFor(reference, { platform, workspace, target })
  return builderOf(platform).ensure(specification, { signal })
}

/** Registers what an MLflow model asks for as an environment without a name. */
async function environmentOf(modelFolder: string, scope: string, platform: Platform): Promise<string> {
  const { condaFile, requirements = '' } = await modelRequirements(modelFolder)
  const packages = requirements.split('\n').filter((line) => line.trim() !== '')
  return anonymousEnvironment(platform, scope, {
    condaFile: condaFile ?? stringify({ dependencies: ['python', 'pip', { pip: packages }] }),
  })
}
