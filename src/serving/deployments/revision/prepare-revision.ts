import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resolve as follow } from '../../../data/resolve.ts'
import { fetchTo } from '../../../data/transfer.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { specificationOf } from '../../../training/environments/specification.ts'
import { deploymentFolder } from '../../routing/folders.ts'
import { builderOf, specificationFor } from '../../../training/environments/find.ts'
import { layOutModel, modelRequirements, readMlModel, type MlModel } from './model-folder.ts'
import { decideRuntime } from '../native/decide.ts'
import { openapiOf } from './openapi.ts'
import { revisionId } from './revision-id.ts'
import type { Revision } from '../runtime.ts'
import { readFields, tensorsOf } from './signature.ts'
import type { DeploymentProperties } from '../settings.ts'

/** File in which the preparation says what it did. */
export const preparationLog = (home: string, key: string): string =>
  join(deploymentFolder(home, key), 'preparation.txt')

/**
 * Makes what a deployment's instances run from: model and code laid out, environment built. Begins from nothing each
 * time, so what a killed server left half done does not matter. Throws a UserError for what is the deployment's fault.
 */
export async function prepareRevision(
  deployment: Resource<DeploymentProperties>,
  platform: Platform,
  signal: AbortSignal,
): Promise<Revision> {
  const { model, codeConfiguration, environmentVariables } = deployment.properties
  const id = revisionId(deployment)
  const folder = join(deploymentFolder(platform.config.home, deployment.key), id)
  const log = preparationLog(platform.config.home, deployment.key)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(log, '')
  const say = (line: string) => appendFile(log, `${platform.clock().toISOString()} ${line}\n`)

  const modelFolder = join(folder, 'model')
  if (model) {
    await say(`Laying out the model ${model}.`)
    await layOutModel(platform, deployment.scope, model, modelFolder)
  }
  const mlmodel = model ? await readMlModel(modelFolder) : undefined
  if (!codeConfiguration) requireMlflow(model, mlmodel)
  const source = join(folder, 'code')
  if (codeConfiguration) {
    await say(`Laying out the code ${codeConfiguration.codeId ?? '(none)'}.`)
    await layOutCode(platform, deployment, source)
  }
  const environment = await ensureEnvironment(deployment, modelFolder, mlmodel, platform, signal, say)
  const variables = { ...environment.variables, ...environmentVariables }
  const verdict =
    mlmodel && !codeConfiguration
      ? await decideRuntime(
          {
            platform,
            workspace: deployment.scope,
            folder,
            model,
            modelFolder,
            mlmodel,
            variables,
            environment,
          },
          say,
          signal,
        )
      : undefined
  return {
    id,
    python: environment.python,
    ...(verdict ? { verdict } : {}),
    ...(model ? { modelFolder } : {}),
    ...(codeConfiguration ? { source, script: codeConfiguration.scoringScript } : {}),
    variables,
    ...describeModel(deployment, codeConfiguration ? undefined : mlmodel),
  }
}

/** What the deployment's model (none for a script, which takes what it likes) says of itself. */
function describeModel(
  { name: deployment, properties }: Resource<DeploymentProperties>,
  mlmodel: MlModel | undefined,
): Pick<Revision, 'openapi' | 'metadata' | 'mlflowVersion'> {
  const { name = deployment, version } = registeredModel(properties.model)
  const inputs = readFields(mlmodel?.signature?.inputs)
  const metadata = {
    name,
    ...(version === undefined ? {} : { versions: [version] }),
    platform: mlmodel ? 'mlflow_pyfunc' : 'python_script',
    inputs: tensorsOf(inputs, 'input'),
    outputs: tensorsOf(readFields(mlmodel?.signature?.outputs), 'output'),
  }
  const mlflowVersion = mlmodel?.mlflow_version
  return {
    openapi: openapiOf(deployment, inputs, metadata),
    metadata,
    ...(mlflowVersion ? { mlflowVersion } : {}),
  }
}

/** Name and version of a model that is registered; neither for one that is only files. */
function registeredModel(model: string | null | undefined): { name?: string; version?: string } {
  const [, name, version] = /\/models\/([^/]+)\/versions\/([^/]+)$/i.exec(model ?? '') ?? []
  return name === undefined || version === undefined ? {} : { name, version }
}

function requireMlflow(model: string | null | undefined, mlmodel: MlModel | undefined) {
  if (mlmodel?.flavors['python_function'] !== undefined) return
  const what = model
    ? `The model '${model}' is no MLflow model with a python_function flavor`
    : 'There is no model'
  throw errors.validation(`${what}: say how to score it, with codeConfiguration and environmentId.`, {
    target: 'properties.codeConfiguration',
  })
}

async function layOutCode(platform: Platform, deployment: Resource<DeploymentProperties>, source: string) {
  await mkdir(source, { recursive: true })
  const codeId = deployment.properties.codeConfiguration?.codeId
  if (!codeId)
    throw errors.validation('codeConfiguration needs the code that the scoring script is in.', {
      target: 'properties.codeConfiguration.codeId',
    })
  const { location } = await follow(platform, deployment.scope, codeId, { assetType: 'codes' })
  await fetchTo(platform, location, source)
}

async function ensureEnvironment(
  deployment: Resource<DeploymentProperties>,
  modelFolder: string,
  mlmodel: MlModel | undefined,
  platform: Platform,
  signal: AbortSignal,
  say: (line: string) => Promise<void>,
) {
  const { environmentId } = deployment.properties
  if (!environmentId && mlmodel === undefined)
    throw errors.validation('A deployment with code of its own needs an environment (environmentId).', {
      target: 'properties.environmentId',
    })
  const specification = environmentId
    ? await specificationFor(environmentId, {
        platform,
        workspace: deployment.scope,
        target: 'properties.environmentId',
      })
    : specificationOf(await modelRequirements(modelFolder))
  await say(environmentId ? `Environment ${environmentId}.` : 'Environment: what the model itself asks for.')
  const environment = await builderOf(platform).ensure(specification, {
    signal,
    onBuilding: (build) => void say(`Building it; the log is ${build.log}.`),
  })
  for (const note of environment.notes) await say(note)
  await say(`Environment ready: ${environment.python}.`)
  return environment
}
