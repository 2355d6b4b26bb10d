import { randomBytes } from 'node:crypto'
import type { BlobName } from '../../artifacts/artifacts.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { ownerOfContainer } from '../containers.ts'
import { blobUrl, type Address } from './address.ts'
import { blobErrors } from './blob-error.ts'
import { refuseSas, signSas, type Permission, type SasGrant } from './sas.ts'

const keyName = 'blob-face/sas-key'

/** Operation that a Bearer token's actor needs on the owner of the container, by what a SAS would have to allow. */
function operationFor(permission: Permission, owner: Resource): string {
  const reads = permission === 'r' || permission === 'l'
  const operation =
    owner.type === 'registries'
      ? `registries/assets/${reads ? 'read' : 'write'}`
      : `workspaces/datastores/${reads ? 'read' : 'listSecrets/action'}`
  return `Microsoft.MachineLearningServices/${operation}`
}

/** Makes the server's signing key if it has none; to be called once before requests are taken. */
export async function ensureSasKey(platform: Platform): Promise<void> {
  if ((await platform.secrets.get(keyName)) === undefined)
    await platform.secrets.set(keyName, randomBytes(32).toString('base64'))
}

async function sasKey(platform: Platform): Promise<Buffer> {
  const key = await platform.secrets.get(keyName)
  if (key === undefined)
    throw new Error('The key for shared access signatures is missing; the data room makes it at start.')
  return Buffer.from(key, 'base64')
}

/** A shared access signature of this server, e.g. to hand to a client as a datastore's secret. */
export const issueSas = async (platform: Platform, grant: SasGrant): Promise<string> =>
  signSas(await sasKey(platform), grant)

/**
 * A URL at which anybody who has it may read this one blob (a job's log, for instance) for the given time. `base` is
 * one of `platform.urls`.
 */
export async function readableUrl(
  platform: Platform,
  base: string,
  name: BlobName,
  forMs: number,
): Promise<string> {
  const expiresOn = new Date(platform.clock().getTime() + forMs)
  return `${blobUrl(base, name)}?${await issueSas(platform, { ...name, resource: 'b', permissions: ['r'], expiresOn })}`
}

/** Throws unless the request's SAS, or else its Bearer token, allows any of these on the blob or prefix. */
export async function authorize(
  platform: Platform,
  address: Address,
  headers: Headers,
  anyOf: readonly [Permission, ...Permission[]],
  path = address.path,
): Promise<void> {
  const { container, query } = address
  if (query.has('sig')) {
    const refused = refuseSas(await sasKey(platform), query, { container, path }, anyOf, platform.clock())
    if (refused !== undefined) throw blobErrors[refused.code](refused.message)
    return
  }
  const actor = await platform.access.authenticate(headers)
  const owner = await ownerOfContainer(platform, container)
  if (owner === undefined) throw blobErrors.ContainerNotFound('The specified container does not exist.')
  await platform.access.require(actor, operationFor(anyOf[0], owner), owner.id)
}
