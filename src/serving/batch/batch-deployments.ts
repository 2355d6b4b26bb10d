import { lineage } from '../../data/lineage/lineage-action.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource, ResourceDefinition } from '../../kernel/resources/resource.ts'
import type { Db } from '../../store/database.ts'
import { findComponent } from '../../training/components/find.ts'
import { findCompute } from '../../training/references.ts'
import { recordDeployed } from '../deployments/lineage.ts'
import { programsKey } from '../deployments/native/cache.ts'
import { runtimeWish } from '../deployments/native/decide.ts'
import type { Proof } from '../deployments/native/verdict.ts'
import { checkPrograms, pinModel } from '../deployments/revision/programs.ts'
import { batchDeploymentSchema, pipelineOf, type BatchDeployment } from './settings.ts'

/** What the platform knows of a batch deployment. */
export interface BatchDeploymentStatus {
  readonly provisioningState: 'Creating' | 'Updating' | 'Succeeded' | 'Failed'
  readonly error?: { readonly code: string; readonly message: string } | null
  /** Id of the environment that was made of what the model asks for, where the deployment names none. */
  readonly environmentId?: string | null
  /** What scores, and why, as one line; none of a pipeline. */
  readonly runtime?: string | null
  readonly runtimeProof?: Proof | null
  /** Reference to the compiled model, where that scores. */
  readonly compiledUri?: string | null
  /** What proved it; see `programsKey`. */
  readonly provenBy?: string | null
}

/** How data is scored under a batch endpoint: by a model, a script, or a pipeline of one's own. */
export const batchDeployments: ResourceDefinition<BatchDeployment> = {
  type: 'workspaces/batchEndpoints/deployments',
  summary: 'A model, a script or a pipeline that scores data in bulk.',
  schema: batchDeploymentSchema,
  tags: 'envelope',
  name: /^[a-zA-Z][-a-zA-Z0-9]{2,31}$/,
  longRunning: true,
  async prepare({ id, scope, body, before }, platform) {
    const { properties } = body
    await findCompute(properties.compute, { platform, workspace: scope, target: 'properties.compute' })
    const pipeline = pipelineOf(properties)
    runtimeWish(properties.environmentVariables)
    const pinned =
      pipeline === undefined
        ? await prepareModel(platform, scope, properties)
        : await preparePipeline(platform, scope, pipeline, properties)
    return {
      properties: pinned,
      envelope: {
        location: body.location ?? platform.config.location,
        ...(body.tags === undefined ? {} : { tags: body.tags }),
        ...(body.identity === undefined ? {} : { identity: body.identity }),
      },
      // What has failed, or was proven by other programs than these, is tried again when it is asked for again.
      again: before !== undefined && (await isToBeTriedAgain(before)),
      status: { provisioningState: before ? 'Updating' : 'Creating', error: null },
      also: (db) => recordDeployed(db, { id, model: pinned.model?.assetId }, platform.clock().getTime()),
    }
  },
  actions: { lineage },
  present: () => ({ compiledUri: undefined, provenBy: undefined }),
  async beforeDelete(deployment, platform, { root }) {
    if (root !== deployment.key) return
    const endpoint = await platform.resources.find(deployment.parent)
    if (endpoint && isDefault(endpoint, deployment.name))
      throw errors.conflict(
        `Deployment '${deployment.name}' is the default of endpoint '${endpoint.name}'. Make another one the default, or delete the endpoint.`,
        { target: deployment.id },
      )
  },
}

async function isToBeTriedAgain({ status }: Resource<BatchDeployment>): Promise<boolean> {
  const { provisioningState, provenBy } = status as unknown as BatchDeploymentStatus
  return provisioningState === 'Failed' || (provenBy ? provenBy !== (await programsKey()) : false)
}

/** Tells lineage of a deployment that was there before there was lineage. */
export const tellOfBatchDeployment = (db: Db, { id, properties, createdAt }: Resource): Promise<void> =>
  recordDeployed(db, { id, model: (properties as BatchDeployment).model?.assetId }, createdAt.getTime())

/** True if the endpoint asks this deployment unless it is told otherwise. */
export function isDefault(endpoint: Resource, deployment: string): boolean {
  const { deploymentName } = (endpoint.properties['defaults'] ?? {}) as { deploymentName?: string | null }
  return deploymentName?.toLowerCase() === deployment.toLowerCase()
}

async function prepareModel(
  platform: Platform,
  scope: string,
  given: BatchDeployment,
): Promise<BatchDeployment> {
  const { model, codeConfiguration } = given
  const reference = model?.assetId
  const pinned = reference === undefined ? undefined : await pinModel(platform, scope, reference)
  await checkPrograms(platform, scope, { ...given, model: reference }, pinned)
  if (codeConfiguration && !given.environmentId)
    throw errors.validation('A deployment with a scoring script of its own needs an environment.', {
      target: 'properties.environmentId',
    })
  return pinned === undefined ? given : { ...given, model: { ...model, assetId: pinned.id } }
}

/** Pins the component to the version that it is now, and sees that it is a pipeline. */
async function preparePipeline(platform: Platform, scope: string, reference: string, given: BatchDeployment) {
  const target = 'properties.deploymentConfiguration.componentId'
  const { id, spec } = await findComponent(reference, { platform, workspace: scope, target })
  if (spec.type !== 'pipeline')
    throw errors.validation(`'${reference}' is a component of type ${spec.type}; expected a pipeline.`, {
      target,
    })
  return {
    ...given,
    deploymentConfiguration: {
      settings: {},
      ...given.deploymentConfiguration,
      deploymentConfigurationType: 'PipelineComponent' as const,
      componentId: { referenceType: 'Id', assetId: id },
    },
  }
}
