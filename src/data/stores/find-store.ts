import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { addressOfConnection, addressOfDatastore, decoded, readAzureUrl } from './address.ts'
import type { StoreAddress } from './address.ts'

/** A place in a store elsewhere. */
export interface Place {
  readonly store: StoreAddress
  /** Without `/` at its ends. */
  readonly path: string
}

/** Datastores and connections of a workspace at most, among which one is looked for. */
const most = 10_000

/**
 * The store that a URL leads into (`wasbs://`, `abfss://`, `s3://`, or `https://` of a storage account or of a server
 * that a datastore names), with the credentials of the workspace's datastore of that container or bucket, else of its
 * connection; without any where the workspace has neither. Undefined for a URL that is only that: of a file on the web,
 * or one that is signed by itself. Throws badRequest for schemes that are not spoken here.
 */
export async function placeOfUrl(
  platform: Platform,
  workspace: Resource,
  url: string,
): Promise<Place | undefined> {
  const [bare = '', query = ''] = url.split('?', 2)
  const wanted = readTarget(bare)
  if (wanted === undefined && !/^https?:/i.test(url))
    throw errors.badRequest(
      `'${bare}' cannot be reached from here: of data elsewhere, https, wasbs, abfss and s3 are read. ` +
        'Copy it into a datastore of the workspace.',
    )
  if (/(?:^|&)(?:sig|x-amz-signature)=/i.test(query)) return undefined
  const own = await ownStores(platform, workspace)
  for (const store of own) {
    const path = pathIn(store, bare, wanted)
    if (path !== undefined) return { store, path: checked(path, bare) }
  }
  if (wanted === undefined || /^https?:/i.test(url)) return undefined
  const elsewhere = own.find((store) => servesAccount(store, wanted.anonymous))
  if (elsewhere !== undefined) return { store: elsewhere, path: checked(wanted.path, bare) }
  return { store: wanted.anonymous, path: checked(wanted.path, bare) }
}

interface Target {
  readonly anonymous: StoreAddress
  readonly path: string
}

/** What a URL says by itself of the store that it leads into. */
function readTarget(url: string): Target | undefined {
  const s3 = /^s3[an]?:\/\/([^/]+)\/?(.*)$/is.exec(url)
  if (s3 !== null) {
    const [, bucket = '', path = ''] = s3
    return { anonymous: { kind: 's3', name: `s3://${bucket}`, bucket, credentials: undefined }, path }
  }
  const azure = readAzureUrl(url)
  if (azure === undefined || azure.container === '') return undefined
  const { path, ...place } = azure
  const name = `${place.serviceUrl}/${place.container}`
  return { anonymous: { kind: 'azure', name: `'${name}'`, ...place, credentials: undefined }, path }
}

/** The stores that the workspace has credentials for: datastores by name, then connections by name. */
async function ownStores(platform: Platform, workspace: Resource): Promise<readonly StoreAddress[]> {
  const listed = async (type: string) =>
    platform.resources.list({
      type,
      parent: workspace.key,
      orderBy: { field: 'name', descending: false },
      top: most,
    })
  const datastores = await listed('workspaces/datastores')
  const connections = await listed('workspaces/connections')
  return [...datastores.map(addressOfDatastore), ...connections.map(addressOfConnection)].filter(
    (store) => store !== undefined,
  )
}

/** Where a URL leads in a store; undefined if it leads elsewhere. */
function pathIn(store: StoreAddress, url: string, wanted: Target | undefined): string | undefined {
  const there = wanted?.anonymous
  if (store.kind === 's3' && there?.kind === 's3')
    return store.bucket === there.bucket ? wanted?.path : undefined
  if (store.kind === 'azure' && there?.kind === 'azure' && sameContainer(store, there)) return wanted?.path
  const root =
    store.kind === 'azure'
      ? `${store.serviceUrl}/${store.container}`
      : store.endpoint === undefined
        ? `https://${store.bucket}.s3.${store.region === undefined ? '' : `${store.region}.`}amazonaws.com`
        : `${store.endpoint}/${store.bucket}`
  const begins = url.toLowerCase().startsWith(`${root.toLowerCase()}/`)
  return begins ? decoded(url.slice(root.length + 1)) : undefined
}

const sameContainer = (
  a: Extract<StoreAddress, { kind: 'azure' }>,
  b: Extract<StoreAddress, { kind: 'azure' }>,
) => a.container === b.container && new URL(a.serviceUrl).host === new URL(b.serviceUrl).host.toLowerCase()

/**
 * Whether a store is the account and container of a `wasbs://` URL on a server of its own (Azurite, a gateway), which such
 * a URL cannot name: the endpoint that the datastore says is then where they are.
 */
const servesAccount = (store: StoreAddress, there: StoreAddress) =>
  store.kind === 'azure' &&
  there.kind === 'azure' &&
  store.account === there.account &&
  store.container === there.container &&
  readAzureUrl(store.serviceUrl) === undefined

function checked(path: string, url: string): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.')
  if (segments.includes('..') || path.includes('\0'))
    throw errors.badRequest(`'${url}' leaves its root: a path may not contain '..'.`)
  return segments.join('/')
}
