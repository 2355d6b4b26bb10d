import { childId, isInRegistry } from '../kernel/resources/arm-id.ts'
import { errors } from '../kernel/errors.ts'
import type { Platform } from '../kernel/platform.ts'
import type { Resource } from '../kernel/resources/resource.ts'
import { containerOf, ownDatastores } from '../data/containers.ts'
import { datastoreUri, parseReference, type Reference, type WorkspaceNames } from '../data/locations.ts'
import { checkWorkspace } from '../data/own-workspace.ts'
import { namesOf, resolve, uriOfLocation } from '../data/resolve.ts'
import { findLoggedModel, modelOfRun } from '../store/tracking/logged-models.ts'
import { findRun } from '../store/tracking/runs.ts'
import { proxiedPath } from '../tracking/artifact-paths.ts'

/** Where a model's files are, and from what run they came. */
export interface Located {
  /** Canonical address: `azureml://subscriptions/…/datastores/{d}/paths/{p}`, or the URL of what lies elsewhere. */
  readonly uri: string
  /** The job, or the run that is none, which made the files. */
  readonly run?: string | undefined
  /** MLflow's logged model that they are. */
  readonly loggedModel?: string | undefined
  /** Id of the version whose files they are already. */
  readonly version?: string
}

/**
 * Finds where a model's files are, given any form in which Azure ML's and MLflow's clients write it: a datastore path,
 * `azureml://jobs/…`, `runs:/…`, `models:/m-…`, `models:/{name}/{version}`, `mlflow-artifacts:/…`, a blob's URL.
 * Throws a UserError naming what is missing.
 */
export async function locate(platform: Platform, workspaceId: string, given: string): Promise<Located> {
  const workspace = await platform.resources.get(workspaceId)
  // What a registry keeps was put in its place before (see in-registry.ts).
  if (isInRegistry(workspace.id)) return { uri: given }
  const find = { platform, workspace, names: namesOf(workspace) }
  const path = proxiedPath(given)
  if (path !== undefined) return inArtifacts(find, path)
  const reference = parseReference(given)
  if (reference.kind === 'datastore' || reference.kind === 'asset') checkWorkspace(workspace, reference)
  switch (reference.kind) {
    case 'datastore':
      return inDatastore(find, reference.datastore, reference.path)
    case 'jobOutput':
      return ofJob(find, reference)
    case 'run':
      return ofRun(find, reference.run, reference.path)
    case 'loggedModel':
      return ofLoggedModel(find, reference.id)
    case 'asset':
      return ofVersion(find, reference, given)
    case 'blob':
      return ofBlob(find, reference, given)
    case 'url':
      return { uri: reference.url }
    case 'resource':
      throw errors.validation(`'${given}' is not where a model's files can be.`, {
        target: 'properties.modelUri',
      })
  }
}

interface Finding {
  readonly platform: Platform
  readonly workspace: Resource
  readonly names: WorkspaceNames
}

const runFolder = /^ExperimentRun\/dcid\.([^/]+)(?:\/|$)/
const loggedModelFolder = /^LoggedModels\/(m-[0-9a-f]{32})\//

async function inDatastore(find: Finding, datastore: string, path: string): Promise<Located> {
  if (ownDatastores[datastore.toLowerCase()] === 'artifacts') return inArtifacts(find, path)
  await find.platform.resources.get(childId(find.workspace.id, 'datastores', datastore))
  // What a job put out lies below its name.
  const job = /^azureml\/([^/]+)\//.exec(path)?.[1]
  const run = job === undefined ? undefined : await findRun(find.platform.store.db, find.workspace.key, job)
  return { uri: datastoreUri(datastore, path, find.names), run: run?.run_id }
}

async function inArtifacts(find: Finding, path: string): Promise<Located> {
  const ofModel = loggedModelFolder.exec(path)?.[1]
  const { db } = find.platform.store
  const model = ofModel === undefined ? undefined : await findLoggedModel(db, find.workspace.key, ofModel)
  return {
    uri: datastoreUri('workspaceartifactstore', path, find.names),
    run: runFolder.exec(path)?.[1] ?? model?.source_run_id ?? undefined,
    loggedModel: ofModel,
  }
}

async function ofJob(find: Finding, reference: Extract<Reference, { kind: 'jobOutput' }>): Promise<Located> {
  const { job, output, path } = reference
  if (output === 'artifacts' || output === 'default') return ofRun(find, job, path)
  const { location } = await resolve(find.platform, find.workspace.id, reference)
  return { uri: uriOfLocation(find.workspace, location), run: job }
}

async function ofRun(find: Finding, id: string, path: string): Promise<Located> {
  const { store, artifacts } = find.platform
  const run = await findRun(store.db, find.workspace.key, id)
  if (run === undefined)
    throw errors.notFound(`Run with id=${id} not found`, { target: 'properties.modelUri' })
  const root = proxiedPath(run.artifact_uri)
  if (root === undefined) return { uri: `${run.artifact_uri.replace(/\/+$/, '')}/${path}`, run: id }
  const whole = `${root}/${path}`.replace(/\/+$/, '')
  const container = containerOf(find.workspace, 'artifacts')
  const { blobs } = await artifacts.list(container, whole, { limit: 1 })
  // MLflow 3 keeps a model that a run logged beside the run, not in it.
  const model =
    blobs.length > 0
      ? undefined
      : await modelOfRun(store.db, find.workspace.key, id, path.replace(/\/+$/, ''))
  return model === undefined
    ? { uri: datastoreUri('workspaceartifactstore', whole, find.names), run: id }
    : ofLoggedModel(find, model.model_id)
}

async function ofLoggedModel(find: Finding, id: string): Promise<Located> {
  const model = await findLoggedModel(find.platform.store.db, find.workspace.key, id)
  if (model === undefined || model.lifecycle !== 'active')
    throw errors.notFound(`Logged model with ID '${id}' not found.`, { target: 'properties.modelUri' })
  const located = await locate(find.platform, find.workspace.id, model.artifact_uri)
  return { ...located, run: model.source_run_id ?? undefined, loggedModel: id }
}

async function ofVersion(find: Finding, reference: Extract<Reference, { kind: 'asset' }>, given: string) {
  const { name, version, type = 'models' } = reference
  if (reference.registry !== undefined)
    throw errors.badRequest(
      `'${given}' is shared by registry '${reference.registry}': use it as it is, by that reference, rather than register it again here.`,
      { target: 'properties.modelUri' },
    )
  if (version === undefined || type !== 'models')
    throw errors.validation(`'${given}' is not where a model's files can be: name a model's version.`, {
      target: 'properties.modelUri',
    })
  const source = await find.platform.resources.get(
    childId(find.workspace.id, 'models', name, 'versions', version),
  )
  const located = await locate(find.platform, find.workspace.id, String(source.properties['modelUri']))
  const run = located.run ?? (source.properties['jobName'] as string | undefined)
  return { ...located, run, version: source.id }
}

function ofBlob(find: Finding, { container, path }: Extract<Reference, { kind: 'blob' }>, given: string) {
  for (const [datastore, which] of Object.entries(ownDatastores))
    if (container === containerOf(find.workspace, which)) return inDatastore(find, datastore, path)
  throw errors.validation(`'${given}' is not in a container of workspace '${find.workspace.name}'.`, {
    target: 'properties.modelUri',
  })
}
