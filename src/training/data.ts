import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { BlobName } from '../artifacts/artifacts.ts'
import { containerOf, ownDatastores, workspaceOfContainer } from '../data/containers.ts'
import { datastoreUri, parseReference } from '../data/locations.ts'
import type { Reference, WorkspaceNames } from '../data/locations.ts'
import { keyOf, parseArmId, workspaceId } from '../kernel/arm-id.ts'
import { errors } from '../kernel/errors.ts'
import { nearest } from '../kernel/nearest.ts'
import type { Platform } from '../kernel/platform.ts'
import type { Resource } from '../kernel/resource.ts'
import { undeclared } from './expressions.ts'
import { asJob } from './jobs/job.ts'
import type { Job } from './jobs/job.ts'
import { findVersion } from './references.ts'

/** Where data is, once its reference was followed to the end. */
export type Location = ({ readonly kind: 'blob' } & BlobName) | { readonly kind: 'web'; readonly url: string }

/** Which request refers to data, and where in it. */
export interface Referring {
  readonly platform: Platform
  /** Id or key of the workspace that the referring resource lies in. */
  readonly workspace: string
  readonly target: string
}

/**
 * What a reference means now, so that it means the same later: an asset's label becomes its version, a job's output
 * the place where it is. Throws a validation error if there is no such thing, or if it is another workspace's.
 */
export async function pinInput(
  input: { readonly type: string; readonly uri: string },
  at: Referring,
): Promise<string> {
  const reference = parse(input.uri, at)
  switch (reference.kind) {
    case 'asset':
      return (await findAsset(reference, input.type, at)).id
    case 'jobOutput':
      return followJobOutput(reference, at)
    case 'datastore':
    case 'blob':
      await locate(reference, at)
      return input.uri
    case 'run':
      return datastoreUri(
        'workspaceartifactstore',
        join(`ExperimentRun/dcid.${reference.run}`, reference.path),
      )
    case 'loggedModel':
      return datastoreUri('workspaceartifactstore', `LoggedModels/${reference.id}/artifacts`)
    case 'url':
      return input.uri
    case 'resource':
      throw errors.validation(`'${input.uri}' is no data and no model.`, { target: at.target })
  }
}

/** Where the data behind a pinned reference is. */
export async function locateInput(uri: string, at: Referring): Promise<Location> {
  const reference = parse(uri, at)
  if (reference.kind !== 'asset') return locate(reference, at)
  const found = await findAsset(reference, reference.type ?? 'data', at)
  const { dataUri, modelUri, codeUri } = found.properties as Readonly<Record<string, unknown>>
  return locateInput(String(dataUri ?? modelUri ?? codeUri), at)
}

async function locate(reference: Exclude<Reference, { kind: 'asset' }>, at: Referring): Promise<Location> {
  switch (reference.kind) {
    case 'datastore': {
      requireOwn(reference.workspace, at)
      const own = ownDatastores[reference.datastore.toLowerCase()]
      if (own === undefined) throw noDatastore(reference.datastore, at)
      return {
        kind: 'blob',
        container: containerOf(await workspaceOf(at), own),
        path: trimmed(reference.path),
      }
    }
    case 'blob': {
      const owner = await workspaceOfContainer(at.platform, reference.container)
      if (owner?.key !== keyOf(at.workspace))
        throw errors.validation(`The blob container '${reference.container}' is not this workspace's.`, {
          target: at.target,
        })
      return { kind: 'blob', container: reference.container, path: trimmed(reference.path) }
    }
    case 'url':
      return { kind: 'web', url: reference.url }
    case 'jobOutput':
      return locateInput(await followJobOutput(reference, at), at)
    case 'run':
    case 'loggedModel':
      return locateInput(await pinInput({ type: 'uri_folder', uri: spelled(reference) }, at), at)
    case 'resource':
      throw errors.validation(`'${reference.id}' is no data.`, { target: at.target })
  }
}

const spelled = (r: Extract<Reference, { kind: 'run' | 'loggedModel' }>) =>
  r.kind === 'run' ? `runs:/${r.run}/${r.path}` : `models:/${r.id}`

function noDatastore(name: string, { target }: Referring): Error {
  const near = nearest(name, Object.keys(ownDatastores))
  return errors.validation(
    `There is no datastore '${name}' in this workspace.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
    {
      target,
    },
  )
}

async function findAsset(
  reference: Extract<Reference, { kind: 'asset' }>,
  type: string,
  at: Referring,
): Promise<Resource> {
  if (reference.registry !== undefined)
    throw errors.validation(`There is no registry '${reference.registry}' here.`, { target: at.target })
  requireOwn(reference.workspace, at)
  const workspace = await workspaceOf(at)
  if (reference.workspaceGuid !== undefined && reference.workspaceGuid !== workspace.status['workspaceId'])
    throw errors.validation('The asset is of another workspace.', { target: at.target })
  const collection = reference.type ?? (type.endsWith('_model') ? 'models' : 'data')
  const { name, version, label } = reference
  const spelling = `azureml:${name}${version === undefined ? `@${label ?? 'latest'}` : `:${version}`}`
  const noun = {
    data: 'data asset',
    models: 'model',
    codes: 'code',
    components: 'component',
    environments: 'environment',
  }[collection]
  return findVersion(spelling, { ...at, workspace: workspace.id, collection, noun: noun ?? collection })
}

async function followJobOutput(
  reference: Extract<Reference, { kind: 'jobOutput' }>,
  at: Referring,
): Promise<string> {
  const say = (message: string) => errors.validation(message, { target: at.target })
  const found = await at.platform.resources.find(`${at.workspace}/jobs/${reference.job}`)
  if (found === undefined) throw say(`There is no job '${reference.job}' in this workspace.`)
  const job = asJob(found)
  const results: Readonly<Record<string, string>> = {
    ...Object.fromEntries(Object.entries(job.status.outputs ?? {}).map(([name, r]) => [name, r.uri])),
    artifacts: runUri(job),
    default: runUri(job),
  }
  const uri = results[reference.output]
  if (uri !== undefined) return reference.path === '' ? uri : `${uri.replace(/\/$/, '')}/${reference.path}`
  const declared = Object.keys(job.properties.outputs ?? {})
  throw say(
    declared.includes(reference.output)
      ? `Job '${job.name}' is ${job.status.status} and has not made its output '${reference.output}'.`
      : `In job '${job.name}' ${undeclared('output', reference.output, declared)}`,
  )
}

function parse(uri: string, { target }: Referring): Reference {
  try {
    return parseReference(uri)
  } catch (error) {
    throw errors.validation(error instanceof Error ? error.message : String(error), { target })
  }
}

function requireOwn(names: WorkspaceNames | undefined, { workspace, target }: Referring): void {
  if (names === undefined) return
  const id = workspaceId(names.subscription, names.resourceGroup, names.workspace)
  if (keyOf(id) === keyOf(workspace)) return
  throw errors.validation(
    `The data is of another workspace, '${names.workspace}'; a job may only use its own workspace's.`,
    {
      target,
    },
  )
}

const workspaceOf = ({ platform, workspace }: Referring) => platform.resources.get(workspace)
const trimmed = (path: string) => path.replace(/\/+$/, '')

/** URI of the folder in which everything of a run is kept. */
export const runUri = (job: Pick<Job, 'name'>): string =>
  datastoreUri('workspaceartifactstore', `ExperimentRun/dcid.${job.name}`)

/** Name of the container in which everything of the workspace's runs is kept. */
export async function artifactsContainer(platform: Platform, workspace: string): Promise<string> {
  return containerOf(await platform.resources.get(workspace), 'artifacts')
}

/** The names in a workspace's id, for references in their long form. */
export function workspaceNames(id: string): WorkspaceNames {
  const { subscription = '', resourceGroup = '', names } = parseArmId(id)
  return { subscription, resourceGroup, workspace: names[0] ?? '' }
}

/**
 * Lays data out below `folder`: a folder as itself, a file in it under its own name. Answers the path of what the
 * reference meant, or undefined if there is nothing.
 */
export async function checkOut(
  platform: Platform,
  location: Location,
  folder: string,
): Promise<string | undefined> {
  await mkdir(folder, { recursive: true })
  if (location.kind === 'web') return download(location.url, folder)
  const file = location.path === '' ? undefined : await platform.artifacts.head(location)
  const { files } = await platform.artifacts.checkout(location, folder)
  if (file !== undefined) return join(folder, basename(location.path))
  return files === 0 ? undefined : folder
}

async function download(url: string, folder: string): Promise<string> {
  if (!/^https?:/i.test(url)) throw errors.validation(`This machine has no way to read '${url}'.`)
  const answer = await fetch(url).catch((error: unknown) => {
    throw errors.validation(
      `'${url}' cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    )
  })
  if (!answer.ok || answer.body === null)
    throw errors.validation(`'${url}' cannot be read: it answers ${answer.status}.`)
  const path = join(folder, basename(new URL(url).pathname) || 'data')
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(path))
  return path
}

/**
 * A digest of the content behind a location, the same as `Artifacts.storeFolder` gives; undefined where content cannot
 * be told without fetching it.
 */
export async function contentDigest(platform: Platform, location: Location): Promise<string | undefined> {
  if (location.kind === 'web') return undefined
  const digest = createHash('sha256')
  const file = location.path === '' ? undefined : await platform.artifacts.head(location)
  if (file !== undefined) return digest.update(`\0${file.digest}\n`).digest('hex')
  const prefix = location.path === '' ? '' : `${location.path}/`
  for (let after: string | undefined; ;) {
    const page = await platform.artifacts.list(
      location.container,
      prefix,
      after === undefined ? {} : { after },
    )
    for (const blob of page.blobs) digest.update(`${blob.path.slice(prefix.length)}\0${blob.digest}\n`)
    if (page.next === undefined) return digest.digest('hex')
    after = page.next
  }
}
