import { errors } from '../kernel/errors.ts'
import { blobUrl, parseAddress } from './blob-face/address.ts'

/** The workspace that a long reference names. */
export interface WorkspaceNames {
  readonly subscription: string
  readonly resourceGroup: string
  readonly workspace: string
}

/** Where a reference says that an asset is, if it says so: in a workspace (by names or by GUID) or in a registry. */
export interface Home {
  readonly workspace?: WorkspaceNames
  readonly workspaceGuid?: string
  readonly registry?: string
}

/** What a string that refers to bytes or to an asset means: see `parseReference` for the forms. */
export type Reference =
  | {
      readonly kind: 'datastore'
      readonly workspace?: WorkspaceNames
      readonly datastore: string
      readonly path: string
    }
  | { readonly kind: 'jobOutput'; readonly job: string; readonly output: string; readonly path: string }
  | { readonly kind: 'run'; readonly run: string; readonly path: string }
  | { readonly kind: 'loggedModel'; readonly id: string }
  | (Home & {
      readonly kind: 'asset'
      /** `data`, `models`, …; undefined where only the place of use tells. */
      readonly type?: AssetType
      readonly name: string
      readonly version?: string
      readonly label?: string
    })
  /** The id of any other resource, such as a compute. */
  | { readonly kind: 'resource'; readonly id: string }
  /** A blob of this server, by its URL. */
  | { readonly kind: 'blob'; readonly container: string; readonly path: string }
  /** Anything that lies elsewhere, by its URL. */
  | { readonly kind: 'url'; readonly url: string }

const assetTypes = ['data', 'models', 'codes', 'components', 'environments'] as const
export type AssetType = (typeof assetTypes)[number]

/** A blob's URL is understood whatever server it names: the container alone tells whose it is. */
const anyServer = 'https://localhost'

const elsewhere = /^(?:https?|wasbs?|abfss?|adl|s3|gs|hdfs|dbfs):\/\//i

/**
 * Reads every form in which Azure ML and MLflow write a reference. Throws badRequest that tells the forms there are.
 *
 *     azureml://datastores/D/paths/P               azureml://subscriptions/S/resourcegroups/G/workspaces/W/datastores/D/paths/P
 *     azureml://jobs/J/outputs/O[/paths/P]         azureml://subscriptions/S/resourcegroups/G/workspaces/W/data/N/versions/V
 *     azureml:N[:V|@L]                             azureml://registries/R/models/N/{versions/V|labels/L}
 *     [azureml:]/subscriptions/S/…/data/N/versions/V                azureml://locations/L/workspaces/GUID/data/N/versions/V
 *     runs:/R[/P]   models:/N/V   models:/N@L   models:/m-…          http(s)://, wasbs://, abfss://, adl://, s3://, gs://
 */
export function parseReference(text: string): Reference {
  const found =
    parseAzureml(text) ??
    parseArm(text.replace(/^azureml:(?=\/subscriptions\/)/i, '')) ??
    parseShort(text) ??
    parseMlflow(text) ??
    (elsewhere.test(text) ? parseUrl(text) : undefined)
  if (found !== undefined) return 'path' in found ? { ...found, path: checkPath(found.path, text) } : found
  throw errors.badRequest(`'${text}' is not a reference: ${whyNot(text)}.`)
}

function whyNot(text: string): string {
  if (/^azureml:\/\//i.test(text))
    return 'after azureml:// expected datastores/{name}/paths/{path}, jobs/{job}/outputs/{output}/paths/{path}, registries/… or subscriptions/…/workspaces/…'
  if (/^azureml:/i.test(text)) return 'expected azureml:{name}:{version} or azureml:{name}@latest'
  if (/^(?:\.{0,2}[\\/]|[a-z]:[\\/]|file:)/i.test(text))
    return 'it is a path on some machine, which has to be uploaded first (or lies below a local-folder datastore: azureml://datastores/{name}/paths/{path})'
  return 'expected azureml:{name}:{version}, azureml://datastores/{name}/paths/{path}, runs:/{run}/{path}, or a URL'
}

function parseAzureml(text: string): Reference | undefined {
  const match = /^azureml:\/\/(.+)$/is.exec(text)
  if (match === null) return undefined
  const { home, rest } = takeHome(match[1] ?? '')
  const local = home.registry === undefined && home.workspaceGuid === undefined
  const inDatastore = /^datastores\/([^/]+)(?:\/paths(?:\/(.*))?)?$/is.exec(rest)
  if (inDatastore !== null && local)
    return { kind: 'datastore', ...home, datastore: inDatastore[1] ?? '', path: inDatastore[2] ?? '' }
  const ofJob = /^jobs\/([^/]+)\/outputs\/([^/]+)(?:\/paths(?:\/(.*))?)?$/is.exec(rest)
  if (ofJob !== null && local)
    return { kind: 'jobOutput', job: ofJob[1] ?? '', output: ofJob[2] ?? '', path: ofJob[3] ?? '' }
  return parseAsset(rest, home)
}

const workspaceHome =
  /^subscriptions\/([^/]+)\/resource-?groups\/([^/]+)\/(?:providers\/Microsoft\.MachineLearningServices\/)?workspaces\/([^/]+)\//i

const registryHome =
  /^(?:subscriptions\/[^/]+\/resource-?groups\/[^/]+\/(?:providers\/Microsoft\.MachineLearningServices\/)?)?registries\/([^/]+)\//i

/** Splits off where a reference says that something is. */
function takeHome(text: string): { home: Home; rest: string } {
  const named = workspaceHome.exec(text)
  if (named !== null) {
    const [whole, subscription = '', resourceGroup = '', workspace = ''] = named
    return { home: { workspace: { subscription, resourceGroup, workspace } }, rest: text.slice(whole.length) }
  }
  const byGuid = /^locations\/[^/]+\/workspaces\/([^/]+)\//i.exec(text)
  if (byGuid !== null) return { home: { workspaceGuid: byGuid[1] ?? '' }, rest: text.slice(byGuid[0].length) }
  const shared = registryHome.exec(text)
  if (shared !== null) return { home: { registry: shared[1] ?? '' }, rest: text.slice(shared[0].length) }
  return { home: {}, rest: text }
}

/** `data/N/versions/V`, `models/N/labels/latest`, `environments/N`. */
function parseAsset(text: string, home: Home): Reference | undefined {
  const match = /^([a-z]+)\/([^/]+)(?:\/(versions|labels)\/([^/]+))?$/i.exec(text)
  const type = assetTypes.find((t) => t === match?.[1]?.toLowerCase())
  if (match === null || type === undefined) return undefined
  const [, , name = '', by, value = ''] = match
  const which =
    by === undefined ? {} : by.toLowerCase() === 'versions' ? { version: value } : { label: value }
  return { kind: 'asset', ...home, type, name, ...which }
}

function parseArm(text: string): Reference | undefined {
  if (!/^\/subscriptions\/[^/]+\/./i.test(text)) return undefined
  const { home, rest } = takeHome(text.slice(1))
  const datastore = /^datastores\/([^/]+)$/i.exec(rest)
  if (datastore !== null && home.workspace !== undefined)
    return { kind: 'datastore', workspace: home.workspace, datastore: datastore[1] ?? '', path: '' }
  const isNamed = home.workspace !== undefined || home.registry !== undefined
  return (isNamed ? parseAsset(rest, home) : undefined) ?? { kind: 'resource', id: text }
}

function parseShort(text: string): Reference | undefined {
  const match = /^azureml:([^:@/\s]+)(?::([^:@/\s]+)|@([^:@/\s]+))?$/i.exec(text)
  if (match === null) return undefined
  const [, name = '', version, label] = match
  return {
    kind: 'asset',
    name,
    ...(version === undefined ? {} : { version }),
    ...(label === undefined ? {} : { label }),
  }
}

function parseMlflow(text: string): Reference | undefined {
  const run = /^runs:\/+([^/]+)(?:\/(.*))?$/is.exec(text)
  if (run !== null) return { kind: 'run', run: run[1] ?? '', path: run[2] ?? '' }
  const logged = /^models:\/+(m-[0-9a-f]{32})$/i.exec(text)
  if (logged !== null) return { kind: 'loggedModel', id: logged[1] ?? '' }
  const model = /^models:\/+([^/@]+)(?:\/([^/@]+)|@([^/@]+))$/i.exec(text)
  if (model === null) return undefined
  const [, name = '', version, label = ''] = model
  return { kind: 'asset', type: 'models', name, ...(version === undefined ? { label } : { version }) }
}

function parseUrl(text: string): Reference | undefined {
  if (!URL.canParse(text)) return undefined
  const address = /^https?:/i.test(text) ? readAddress(text) : undefined
  return address === undefined
    ? { kind: 'url', url: text }
    : { kind: 'blob', container: address.container, path: address.path }
}

function readAddress(text: string) {
  try {
    return parseAddress(text)
  } catch (error) {
    throw errors.badRequest(`'${text}' is not a URL: ${(error as Error).message}`)
  }
}

/** The path without empty and `.` segments in front of others. Throws badRequest for what would leave its root. */
function checkPath(path: string, text: string): string {
  const segments = path.split('/')
  if (segments.includes('..') || path.includes('\0'))
    throw errors.badRequest(`'${text}' leaves its root: a path may not contain '..'.`)
  return segments
    .filter((segment, i) => segment !== '.' && (segment !== '' || i === segments.length - 1))
    .join('/')
}

/** The reference in its canonical form; `parseReference` of it gives the reference again. */
export function formatReference(reference: Reference): string {
  switch (reference.kind) {
    case 'datastore':
      return `azureml://${formatHome(reference)}datastores/${reference.datastore}/paths/${reference.path}`
    case 'jobOutput':
      return `azureml://jobs/${reference.job}/outputs/${reference.output}/paths/${reference.path}`
    case 'run':
      return `runs:/${reference.run}${reference.path === '' ? '' : `/${reference.path}`}`
    case 'loggedModel':
      return `models:/${reference.id}`
    case 'asset':
      return formatAsset(reference)
    case 'resource':
      return reference.id
    case 'blob':
      return blobUrl(anyServer, reference)
    case 'url':
      return reference.url
  }
}

function formatAsset(asset: Extract<Reference, { kind: 'asset' }>): string {
  const { type, name, version, label } = asset
  const home = formatHome(asset)
  if (home === '' && type === undefined)
    return `azureml:${name}${version === undefined ? '' : `:${version}`}${label === undefined ? '' : `@${label}`}`
  const which =
    version === undefined ? (label === undefined ? '' : `/labels/${label}`) : `/versions/${version}`
  return `azureml://${home}${type}/${name}${which}`
}

function formatHome({ workspace, workspaceGuid, registry }: Home): string {
  if (registry !== undefined) return `registries/${registry}/`
  if (workspaceGuid !== undefined) return `locations/local/workspaces/${workspaceGuid}/`
  if (workspace === undefined) return ''
  return `subscriptions/${workspace.subscription}/resourcegroups/${workspace.resourceGroup}/workspaces/${workspace.workspace}/`
}

/** `azureml://datastores/{datastore}/paths/{path}`, in short or, with the workspace, in long form. */
export const datastoreUri = (datastore: string, path: string, workspace?: WorkspaceNames): string =>
  formatReference({ kind: 'datastore', datastore, path, ...(workspace === undefined ? {} : { workspace }) })
