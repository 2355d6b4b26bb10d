import { childId, isInRegistry, scopeId, typeIn } from '../kernel/resources/arm-id.ts'
import { errors } from '../kernel/errors.ts'
import type { Platform } from '../kernel/platform.ts'
import type { Json, Resource } from '../kernel/resources/resource.ts'
import { containerOf, containerOfDatastore, datastoreOfContainer, ownDatastores } from './containers.ts'
import { localPath } from './datastores/local-folder.ts'
import {
  datastoreUri,
  parseReference,
  type AssetType,
  type Reference,
  type WorkspaceNames,
} from './locations.ts'
import { checkContainer, checkWorkspace, homeOf } from './own-workspace.ts'
import { latestPassed, passedLabel } from './passed.ts'
import { addressOfDatastore } from './stores/address.ts'
import type { StoreAddress } from './stores/address.ts'
import { placeOfUrl } from './stores/find-store.ts'

/**
 * Where bytes are: in a container of ours, in a folder of this machine, in a store elsewhere, or at one URL. `uri` is
 * the reference by which it can be written down.
 */
export type Location =
  | {
      readonly kind: 'blob'
      readonly container: string
      readonly path: string
      /** Of a registry's version, what its bytes must be: see `verify`. */
      readonly published?: Published
    }
  /** `path` is absolute; `folder` is that of the datastore, which it never leaves. */
  | { readonly kind: 'local'; readonly path: string; readonly folder: string; readonly uri: string }
  | { readonly kind: 'store'; readonly store: StoreAddress; readonly path: string; readonly uri: string }
  | { readonly kind: 'url'; readonly url: string }

/** What was published as a version of a registry: its bytes have this hash, as `bytesAt` makes it, or are refused. */
export interface Published {
  readonly id: string
  readonly sha256: string
}

export interface Resolved {
  readonly location: Location
  /** The version of an asset that the reference named, for lineage; undefined for a bare path. */
  readonly asset?: Resource
}

/** Which property of an asset's version says where its bytes are. */
const uriOf: Partial<Record<AssetType, string>> = { data: 'dataUri', models: 'modelUri', codes: 'codeUri' }

/** Versions refer to paths, and paths to nothing further; more than this is a circle. */
const longestChain = 8

/**
 * Follows a reference, in any form that `parseReference` knows, from inside a workspace to where its bytes are.
 * `assetType` says what a bare `azureml:name:version` names (default `data`). Throws notFound (with the nearest name),
 * forbidden for another workspace's, badRequest for what cannot be reached from here. Does not look whether bytes are there.
 */
export async function resolve(
  platform: Platform,
  workspaceId: string,
  reference: string | Reference,
  options: { readonly assetType?: AssetType } = {},
): Promise<Resolved> {
  let home = await platform.resources.get(workspaceId)
  let next = typeof reference === 'string' ? parseReference(reference) : reference
  let asset: Resource | undefined
  for (let hops = 0; hops < longestChain; hops++) {
    if (next.kind !== 'asset') {
      const location = await locate(platform, home, next)
      if (typeof location === 'object')
        return asset === undefined ? { location } : { location: asPublished(location, asset), asset }
      next = parseReference(location)
      continue
    }
    const found = await findVersion(platform, home, next, options.assetType ?? 'data')
    asset ??= found
    // What a registry's version refers to lies in the registry.
    home = await platform.resources.get(scopeId(found.id) ?? home.id)
    next = parseReference(uriIn(found))
  }
  throw errors.badRequest(
    `'${typeof reference === 'string' ? reference : JSON.stringify(reference)}' leads in a circle.`,
  )
}

/** The location of a registry's version with what its bytes must be, if it says so. */
function asPublished(location: Location, { id, status }: Resource): Location {
  const integrity = status['integrity'] as Published | undefined
  if (location.kind !== 'blob' || integrity === undefined || !isInRegistry(id)) return location
  return { ...location, published: { id, sha256: integrity.sha256 } }
}

function uriIn(version: Resource): string {
  const type = version.type.split('/').at(-2) as AssetType
  const property = uriOf[type]
  const uri = property === undefined ? undefined : version.properties[property]
  if (typeof uri === 'string') return uri
  throw errors.badRequest(`'${version.id}' has no files of its own.`)
}

/**
 * The version that a reference to an asset means, whatever its type: by its version, or by the label `latest` (the one
 * created last), of data also `passed` (the last that keeps its contracts), of a model by its aliases. Throws notFound,
 * naming the nearest.
 */
export async function findVersion(
  platform: Platform,
  workspace: Resource,
  reference: Extract<Reference, { kind: 'asset' }>,
  assetType: AssetType,
): Promise<Resource> {
  const { type = assetType, name, version, label } = reference
  const home = await homeOf(platform, workspace, reference)
  const container = childId(home.id, type, name)
  if (version !== undefined) return platform.resources.get(childId(container, 'versions', version))
  const named = await platform.resources.get(container)
  const isLabel = [undefined, 'latest', passedLabel].includes(label?.toLowerCase())
  if (named.archived && isLabel)
    throw errors.notFound(
      `${type} '${name}' is archived: name one of its versions, as in azureml:${name}:1, or restore it.`,
    )
  if (type === 'data' && label?.toLowerCase() === passedLabel) {
    const passed = await latestPassed(platform, container)
    if (passed !== undefined) return passed
    throw errors.notFound(`data '${name}' has no version that keeps its contracts.`)
  }
  const alias = label === undefined ? undefined : (named.status['aliases'] as Json | undefined)?.[label]
  if (typeof alias === 'string') return platform.resources.get(childId(container, 'versions', alias))
  if (label !== undefined && label.toLowerCase() !== 'latest')
    throw errors.notFound(
      `${type} '${name}' has no label '${label}'; there ${type === 'data' ? `are 'latest' and '${passedLabel}'` : "is 'latest'"}.`,
    )
  if (label === undefined)
    throw errors.badRequest(
      `'azureml:${name}' names no version: write azureml:${name}:1 or azureml:${name}@latest.`,
    )
  const [latest] = await platform.resources.list({
    type: typeIn(home.id, `${type}/versions`),
    parent: container,
    top: 1,
  })
  if (latest === undefined) throw errors.notFound(`${type} '${name}' has no version that is not archived.`)
  return latest
}

/** The location, or the further reference that this one stands for. */
async function locate(
  platform: Platform,
  workspace: Resource,
  reference: Exclude<Reference, { kind: 'asset' }>,
): Promise<Location | string> {
  switch (reference.kind) {
    case 'datastore':
      checkWorkspace(workspace, reference)
      return inDatastore(platform, workspace, reference.datastore, reference.path)
    case 'jobOutput':
      return outputOf(platform, workspace, reference.job, reference.output, reference.path)
    case 'run':
      return inArtifacts(workspace, `ExperimentRun/dcid.${reference.run}/${reference.path}`)
    case 'loggedModel':
      return inArtifacts(workspace, `LoggedModels/${reference.id}/artifacts`)
    case 'blob': {
      const datastore = datastoreOfContainer(reference.container)
      if (datastore !== undefined && reference.container === containerOfDatastore(workspace, datastore))
        return inDatastore(platform, workspace, datastore, reference.path)
      checkContainer(workspace, reference.container)
      return blobAt(reference.container, reference.path)
    }
    case 'url': {
      const place = await placeOfUrl(platform, workspace, reference.url)
      return place === undefined
        ? { kind: 'url', url: reference.url }
        : { kind: 'store', ...place, uri: reference.url }
    }
    case 'resource':
      throw errors.badRequest(
        `'${reference.id}' has no files: expected data, a model, a path in a datastore or a URL.`,
      )
  }
}

const blobAt = (container: string, path: string): Location => ({
  kind: 'blob',
  container,
  path: path.replace(/\/+$/, ''),
})

const inArtifacts = (workspace: Resource, path: string) => blobAt(containerOf(workspace, 'artifacts'), path)

async function inDatastore(
  platform: Platform,
  workspace: Resource,
  name: string,
  path: string,
): Promise<Location> {
  const own = ownDatastores[name.toLowerCase()]
  if (own !== undefined) return blobAt(containerOf(workspace, own), path)
  const datastore = await platform.resources.get(childId(workspace.id, 'datastores', name))
  const { datastoreType, path: folder = '' } = datastore.properties as {
    datastoreType: string
    path?: string
  }
  const uri = datastoreUri(datastore.name, path, namesOf(workspace))
  if (datastoreType === 'LocalFolder')
    return { kind: 'local', path: await localPath(folder, path, platform.config.dataRoots), folder, uri }
  const store = addressOfDatastore(datastore)
  if (store !== undefined) return { kind: 'store', store, path: path.replace(/\/+$/, ''), uri }
  throw errors.badRequest(
    `Datastore '${name}' is of type ${datastoreType}, which this server remembers but cannot reach. ` +
      'Copy the data into a datastore of type AzureBlob, AzureDataLakeGen2, S3 or LocalFolder.',
  )
}

/**
 * Where an output of a job is: where the job says (its own declaration, then what it reports), else where outputs go.
 * `artifacts`, `default` and `logs` are the run's own.
 */
async function outputOf(platform: Platform, workspace: Resource, job: string, output: string, path: string) {
  const found = await platform.resources.get(childId(workspace.id, 'jobs', job))
  const said = [found.status, found.properties]
    .map(
      (part: Json) =>
        (part['outputs'] as Record<string, { uri?: unknown } | null> | undefined)?.[output]?.uri,
    )
    .find((uri) => typeof uri === 'string' && !uri.includes('${{'))
  if (typeof said === 'string') return path === '' ? said : `${said.replace(/\/+$/, '')}/${path}`
  if (output === 'artifacts' || output === 'default')
    return inArtifacts(workspace, `ExperimentRun/dcid.${found.name}/${path}`)
  return blobAt(containerOf(workspace, 'blobstore'), `azureml/${found.name}/${output}/${path}`)
}

/** The names in a workspace's id, for references in long form. */
export function namesOf(workspace: Resource): WorkspaceNames {
  const [, , subscription = '', , resourceGroup = ''] = workspace.id.split('/')
  return { subscription, resourceGroup, workspace: workspace.name }
}

/** The reference by which a location can be written down, in long form: the inverse of `resolve`. */
export function uriOfLocation(workspace: Resource, location: Location): string {
  if (location.kind === 'url') return location.url
  if (location.kind !== 'blob') return location.uri
  const name = Object.keys(ownDatastores).find(
    (n) => containerOf(workspace, ownDatastores[n] ?? 'blobstore') === location.container,
  )
  if (name === undefined)
    throw errors.badRequest(`Container '${location.container}' is no datastore of '${workspace.name}'.`)
  return datastoreUri(name, location.path, namesOf(workspace))
}
