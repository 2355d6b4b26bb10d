import { openConnection } from '../../admin/connections.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { secretName } from '../../kernel/resources/secret-properties.ts'
import type { S3Address, StoreAddress } from './address.ts'
import { azureAccess } from './azure/azure-access.ts'
import type { Credentials } from './azure/azure-access.ts'
import type { FileStore } from './file-store.ts'

interface Opened {
  /** Of the resources whose credentials it has; another one means that they may have changed. */
  readonly etag: string
  readonly store: Promise<FileStore>
}

/** Clients keep sockets and tokens, so each store has one for as long as its resource stays as it is. */
const opened = new WeakMap<Platform, Map<string, Opened>>()

/**
 * The store at an address, with the credentials of its datastore or connection. Nothing is asked of it yet. Throws
 * notFound if that resource has gone.
 */
export async function openStore(platform: Platform, address: StoreAddress): Promise<FileStore> {
  const stores = opened.get(platform) ?? new Map<string, Opened>()
  opened.set(platform, stores)
  const resource =
    address.credentials === undefined ? undefined : await platform.resources.get(address.credentials.key)
  const through = resource && (await connectionOf(platform, resource))
  const [key, etag] = [JSON.stringify(address), `${resource?.etag} ${through?.etag}`]
  const known = stores.get(key)
  if (known?.etag === etag) return known.store
  const store = connect(platform, address, resource)
  stores.set(key, { etag, store })
  store.catch(() => stores.delete(key))
  return store
}

/** The connection that a datastore names instead of having credentials of its own. */
async function connectionOf(platform: Platform, datastore: Resource): Promise<Resource | undefined> {
  const name = datastore.properties['connection']
  return typeof name === 'string' && name !== ''
    ? platform.resources.get(childId(datastore.scope, 'connections', name))
    : undefined
}

async function connect(
  platform: Platform,
  address: StoreAddress,
  resource: Resource | undefined,
): Promise<FileStore> {
  if (address.kind === 's3') {
    const { s3Store } = await import('./s3/s3-store.ts')
    return s3Store({ ...address, ...(await keysFor(platform, address, resource)) })
  }
  const credentials =
    resource === undefined ? undefined : await credentialsOf(platform, address.credentials?.kind, resource)
  const access =
    credentials === undefined
      ? ({ by: 'anonymous' } as const)
      : await azureAccess(credentials, address.serviceUrl, platform.clock().getTime())
  const { azureStore } = await import('./azure/azure-store.ts')
  return azureStore({ ...address, access })
}

async function credentialsOf(
  platform: Platform,
  kind: 'datastore' | 'connection' | undefined,
  resource: Resource,
): Promise<Credentials> {
  if (kind === 'connection') {
    const { authType, credentials } = await openConnection(platform, resource.scope, resource.name)
    const { clientId, tenantId, sas, clientSecret } = credentials
    return { type: authType, secret: sas ?? clientSecret, clientId, tenantId }
  }
  const { credentialsType: type, ...more } = resource.properties['credentials'] as Json & {
    credentialsType: string
  }
  return { ...more, type, secret: await datastoreSecret(platform, resource) }
}

/** Which secret each kind of credentials of a datastore has. */
export const secretOf = {
  AccountKey: 'key',
  Sas: 'sasToken',
  ServicePrincipal: 'clientSecret',
  Certificate: 'certificate',
  AccessKey: 'secretAccessKey',
} as const

/** The secret of a datastore's credentials; undefined if they have none, or if it was made without. */
export async function datastoreSecret(platform: Platform, datastore: Resource): Promise<string | undefined> {
  const { credentialsType } = datastore.properties['credentials'] as { credentialsType: string }
  const field = secretOf[credentialsType as keyof typeof secretOf] as string | undefined
  return field === undefined
    ? undefined
    : platform.secrets.get(secretName(datastore.key, `credentials.secrets.${field}`))
}

/** A bucket's keys: the datastore's own, those of the connection that it names, or the connection's. */
async function keysFor(
  platform: Platform,
  { name, credentials }: S3Address,
  resource: Resource | undefined,
): Promise<{ keys?: { accessKeyId: string; secretAccessKey: string } }> {
  if (resource === undefined) return {}
  const through = credentials?.kind === 'connection' ? resource.name : resource.properties['connection']
  if (typeof through === 'string' && through !== '') {
    const opened = await openConnection(platform, resource.scope, through)
    const { accessKeyId, secretAccessKey } = opened.credentials
    if (accessKeyId !== undefined && secretAccessKey !== undefined)
      return { keys: { accessKeyId, secretAccessKey } }
    if (opened.authType === 'None') return {}
    throw errors.badRequest(
      `${name} goes through connection '${opened.name}', which has no access key but ${opened.authType}.`,
    )
  }
  const secretAccessKey = await datastoreSecret(platform, resource)
  const { accessKeyId } = resource.properties['credentials'] as { accessKeyId?: string }
  return accessKeyId === undefined || secretAccessKey === undefined
    ? {}
    : { keys: { accessKeyId, secretAccessKey } }
}
