import { isAbsolute, normalize } from 'node:path'
import { parseReference } from '../../../data/locations.ts'
import { findVersion, resolve as follow } from '../../../data/resolve.ts'
import { errors, UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { locate } from '../../../registry/locate.ts'
import { specificationFor } from '../../../training/environments/find.ts'
import type { DeploymentProperties } from '../settings.ts'

/** What deployments of every kind say of their model and their script. */
type Programs = Pick<DeploymentProperties, 'model' | 'codeConfiguration' | 'environmentId'>

/**
 * What the reference means now, for `@latest` or an alias may mean another tomorrow: a version's id, with its type, or
 * where the model's files are.
 */
export async function pinModel(
  platform: Platform,
  scope: string,
  reference: string,
): Promise<{ id: string; type?: unknown }> {
  return at('properties.model', async () => {
    const parsed = parseReference(reference)
    if (parsed.kind !== 'asset') return { id: (await locate(platform, scope, reference)).uri }
    const workspace = await platform.resources.get(scope)
    const found = await findVersion(platform, workspace, parsed, 'models')
    return { id: found.id, type: found.properties['modelType'] }
  })
}

/** Sees that a deployment has something to score with, and that what it names is there. */
export async function checkPrograms(
  platform: Platform,
  scope: string,
  { model, codeConfiguration, environmentId }: Programs,
  pinned: { readonly type?: unknown } | undefined,
) {
  if (environmentId)
    await specificationFor(environmentId, { platform, workspace: scope, target: 'properties.environmentId' })
  if (codeConfiguration) {
    const { codeId, scoringScript } = codeConfiguration
    if (isAbsolute(scoringScript) || normalize(scoringScript).startsWith('..'))
      throw errors.validation(`The scoring script '${scoringScript}' must lie in the code.`, {
        target: 'properties.codeConfiguration.scoringScript',
      })
    if (codeId)
      await at('properties.codeConfiguration.codeId', () =>
        follow(platform, scope, codeId, { assetType: 'codes' }),
      )
    return
  }
  if (environmentId) await refuseContainer(platform, scope, environmentId)
  const type = pinned?.type
  if (!model || (typeof type === 'string' && type !== 'mlflow_model'))
    throw errors.validation(
      `${model ? `The model is a ${String(type)}` : 'There is no model'}: say how to score it, with codeConfiguration ` +
        'and environmentId. Only an MLflow model needs neither.',
      { target: 'properties.codeConfiguration' },
    )
}

/** An environment that says at which routes its own server answers is a whole container, with or without a model. */
async function refuseContainer(platform: Platform, scope: string, environmentId: string) {
  const parsed = parseReference(environmentId)
  if (parsed.kind !== 'asset') return
  const workspace = await platform.resources.get(scope)
  // One that Azure ML offers ready made is none of the workspace's.
  const found = await findVersion(platform, workspace, parsed, 'environments').catch(() => undefined)
  if (found?.properties['inferenceConfig'])
    throw errors.validation(
      `The environment '${environmentId}' is a container with a server of its own (inferenceConfig), and containers ` +
        'need Kubernetes, which there is none of here. Give the deployment a scoring script (codeConfiguration), or ' +
        'a model of MLflow in an environment without inferenceConfig.',
      { target: 'properties.environmentId' },
    )
}

/** What is not found on the way to a field is the field's fault: 400 with its path. */
export async function at<T>(target: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof UserError) throw errors.validation(error.message, { target, cause: error })
    throw error
  }
}
