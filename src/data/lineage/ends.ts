import { UserError } from '../../kernel/errors.ts'
import {
  childId,
  isInRegistry,
  keyOf,
  parseArmId,
  scopeId,
  workspaceId as workspaceIdOf,
} from '../../kernel/resources/arm-id.ts'
import type { NodeKey } from '../../store/lineage-rows.ts'
import { parseReference, type Reference, type WorkspaceNames } from '../locations.ts'

/** One end of an edge of lineage: the node that it is, and under which places it may be known already. */
export interface End extends NodeKey {
  /** Of a place: itself and the folders above it, innermost first. */
  readonly within: readonly string[]
}

/** Type of nodes that are bytes under no name: a path of a datastore that nobody registered, a URL. */
export const placeType = 'place'

const datasetScheme = 'dataset:/'

/** A reference to a dataset that MLflow's client described, of whose source no more is known: by name and digest. */
export const datasetReference = (name: string, digest: string): string => `${datasetScheme}${name}/${digest}`

/**
 * What a reference means in lineage: a version of an asset, another resource, a job or run (which are one), or a place.
 * What a job put out counts as one place, whatever of it is named. Undefined for what says no version, and for another
 * workspace's.
 */
export function endOf(workspaceId: string, text: string): End | undefined {
  if (text.startsWith(datasetScheme)) return placeEnd(workspaceId, text, [text])
  const bare = text.replace(/^azureml:(?=\/)/i, '')
  // What is shared is what it is from wherever one looks.
  if (isInRegistry(bare) && /\/versions\/[^/]+$/i.test(bare)) return resourceEnd(scopeId(bare) ?? '', bare)
  try {
    return endAt(workspaceId, parseReference(text))
  } catch (error) {
    // A literal, an expression of a pipeline, a path on somebody's machine: nothing that lineage could name.
    if (error instanceof UserError) return undefined
    throw error
  }
}

function endAt(workspaceId: string, reference: Reference): End | undefined {
  if ('workspace' in reference && !isOwn(workspaceId, reference.workspace)) return undefined
  switch (reference.kind) {
    case 'asset': {
      const { type = 'data', name, version, registry, workspaceGuid } = reference
      if (version === undefined || registry !== undefined || workspaceGuid !== undefined) return undefined
      return resourceEnd(workspaceId, childId(workspaceId, type, name, 'versions', version))
    }
    case 'resource':
      return keyOf(reference.id).startsWith(`${keyOf(workspaceId)}/`)
        ? resourceEnd(workspaceId, reference.id)
        : undefined
    case 'run':
      return runEnd(workspaceId, reference.run)
    case 'loggedModel':
      return loggedModelEnd(workspaceId, reference.id)
    case 'jobOutput':
      return reference.output === 'artifacts' || reference.output === 'default'
        ? runEnd(workspaceId, reference.job)
        : datastoreEnd(workspaceId, 'workspaceblobstore', `azureml/${reference.job}/${reference.output}`)
    case 'datastore':
      return datastoreEnd(workspaceId, reference.datastore, reference.path)
    case 'blob':
      return datastoreEnd(workspaceId, datastoreOf(reference.container), reference.path)
    case 'url':
      return urlEnd(workspaceId, reference.url)
  }
}

const isOwn = (id: string, names: WorkspaceNames | undefined) =>
  names === undefined ||
  keyOf(workspaceIdOf(names.subscription, names.resourceGroup, names.workspace)) === keyOf(id)

/** The job of that name, or the MLflow run of that id: a job is a run. */
export const runEnd = (workspaceId: string, name: string): End =>
  resourceEnd(workspaceId, childId(workspaceId, 'jobs', name))

const resourceEnd = (workspaceId: string, id: string): End => ({
  scope: keyOf(workspaceId),
  key: keyOf(id),
  id,
  type: parseArmId(id).type,
  within: [],
})

/** MLflow's logged model: bytes beside the run, under an id of their own. */
const loggedModelEnd = (workspaceId: string, id: string): End =>
  placeEnd(workspaceId, `models:/${id}`, [`models:/${id}`])

const runFolder = /^ExperimentRun\/dcid\.([^/]+)(?:\/|$)/
const loggedModelFolder = /^LoggedModels\/(m-[0-9a-f]{32})(?:\/|$)/
const outputFolder = /^azureml\/[^/]+\/[^/]+/

function datastoreEnd(workspaceId: string, datastore: string, given: string): End {
  const name = datastore.toLowerCase()
  const path = given.replace(/\/+$/, '')
  if (name === 'workspaceartifactstore') {
    const run = runFolder.exec(path)?.[1]
    if (run !== undefined) return runEnd(workspaceId, run)
    const model = loggedModelFolder.exec(path)?.[1]
    if (model !== undefined) return loggedModelEnd(workspaceId, model)
  }
  const uri = (inner: string) => `azureml://datastores/${name}/paths/${inner}`
  const segments = path.split('/')
  const within = segments.map((_, i) => uri(segments.slice(0, segments.length - i).join('/')))
  return placeEnd(workspaceId, uri(outputFolder.exec(path)?.[0] ?? path), within)
}

/** A URL without what signs it: keys belong to nobody's lineage. */
function urlEnd(workspaceId: string, url: string): End {
  const parsed = URL.parse(url)
  if (parsed !== null) Object.assign(parsed, { username: '', password: '', search: '', hash: '' })
  const uri = (parsed?.href ?? url).replace(/\/+$/, '')
  return placeEnd(workspaceId, uri, [uri])
}

function placeEnd(workspaceId: string, uri: string, within: readonly string[]): End {
  const scope = keyOf(workspaceId)
  return { scope, key: `${scope} ${uri}`, id: uri, type: placeType, place: uri, within }
}

/** `{guid}-blobstore` and `{guid}-artifacts` are the two datastores that every workspace has. */
const datastoreOf = (container: string) =>
  container.endsWith('-artifacts') ? 'workspaceartifactstore' : 'workspaceblobstore'
