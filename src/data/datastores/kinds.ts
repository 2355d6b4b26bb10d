import { errors } from '../../kernel/errors.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { secretOf } from '../stores/open-store.ts'
import { checkLocalFolder } from './local-folder.ts'

/** `LocalFolder` and `S3` are Twinloop's own; the others are Azure's, of which Gen1, File and OneLake are only remembered. */
export const types = [
  'AzureBlob',
  'AzureDataLakeGen1',
  'AzureDataLakeGen2',
  'AzureFile',
  'OneLake',
  'LocalFolder',
  'S3',
] as const
export type DatastoreType = (typeof types)[number]

/** Kinds that Azure's clients do not know, and are shown as containers of our own Blob face. */
export const ownTypes: readonly string[] = ['LocalFolder', 'S3'] satisfies readonly DatastoreType[]

/** What each kind of datastore must say of where it is. */
const required: Readonly<Record<DatastoreType, readonly string[]>> = {
  AzureBlob: ['accountName', 'containerName'],
  AzureDataLakeGen1: ['storeName'],
  AzureDataLakeGen2: ['accountName', 'filesystem'],
  AzureFile: ['accountName', 'fileShareName'],
  OneLake: ['oneLakeWorkspaceName', 'artifact'],
  LocalFolder: ['path'],
  S3: ['bucket'],
}

/** What a datastore says of where it is: where its credentials are sent. */
const whereabouts = ['accountName', 'containerName', 'filesystem', 'bucket', 'endpoint', 'protocol']

export const credentialKinds = [
  'None',
  'AccountKey',
  'Sas',
  'ServicePrincipal',
  'Certificate',
  'AccessKey',
] as const

/** Which credentials a kind of datastore takes, where that is not all of Azure's. */
const taken: Partial<Record<DatastoreType, readonly string[]>> = {
  LocalFolder: ['None'],
  S3: ['None', 'AccessKey'],
}

/** Fields that credentials have besides their secret. */
const credentialFields: Readonly<Record<string, readonly string[]>> = {
  ServicePrincipal: ['tenantId', 'clientId'],
  Certificate: ['tenantId', 'clientId', 'thumbprint'],
  AccessKey: ['accessKeyId'],
}

/** Throws a validation error unless a datastore says all that its kind needs, of its place and of its credentials. */
export async function checkDatastore(
  platform: Platform,
  scope: string,
  properties: Json & { readonly datastoreType: DatastoreType; readonly credentials: Json },
  before: Resource | undefined,
): Promise<void> {
  const { datastoreType: type, credentials } = properties
  const refuse = (message: string, field: string) =>
    errors.validation(message, { target: `properties.${field}` })
  const missing = (values: Json, fields: readonly string[]) =>
    fields.find((field) => values[field] === undefined || values[field] === null || values[field] === '')
  const field = missing(properties, required[type])
  if (field !== undefined) throw refuse(`A datastore of type ${type} needs ${field}.`, field)
  if (type === 'LocalFolder') await checkLocalFolder(String(properties['path']), platform.config.dataRoots)
  checkEndpoint(properties)

  const by = String(credentials['credentialsType'])
  if (taken[type]?.includes(by) === false)
    throw refuse(
      `A datastore of type ${type} takes credentials of type ${taken[type].join(' or ')}; these are of type ${by}.`,
      'credentials.credentialsType',
    )
  const part = missing(credentials, credentialFields[by] ?? [])
  if (part !== undefined)
    throw refuse(`Credentials of type ${by} need credentials.${part}.`, `credentials.${part}`)
  const { connection } = properties
  if (typeof connection === 'string' && connection !== '') {
    if (type !== 'S3') throw refuse(`Only a datastore of type S3 goes through a connection.`, 'connection')
    await platform.resources.get(childId(scope, 'connections', connection))
  }
  checkKept(properties, by, before)
}

/** An address that could not be asked is refused at once. */
function checkEndpoint(properties: Json): void {
  const { endpoint, protocol } = properties
  const wrong = (field: string, why: string) =>
    errors.validation(`'${String(properties[field])}' is no ${field} of a datastore: ${why}.`, {
      target: `properties.${field}`,
    })
  if (typeof protocol === 'string' && !/^(?:https?|wasbs?|abfss?)$/i.test(protocol))
    throw wrong('protocol', 'expected https, http, wasbs or abfss')
  if (typeof endpoint !== 'string' || endpoint === '') return
  const url = /:\/\//.test(endpoint) ? endpoint : `https://${endpoint}`
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url) || new URL(url).username !== '')
    throw wrong('endpoint', 'expected core.windows.net, host:port or http(s)://host:port/account')
}

/** A secret that is kept from before is good for the place that it was given for: whoever moves it must know it. */
function checkKept(properties: Json, by: string, before: Resource | undefined): void {
  const secret = secretOf[by as keyof typeof secretOf] as string | undefined
  const { secrets } = properties['credentials'] as { secrets?: Json | null }
  if (before === undefined || secret === undefined || typeof secrets?.[secret] === 'string') return
  if (whereabouts.every((field) => (before.properties[field] ?? '') === (properties[field] ?? ''))) return
  throw errors.validation(
    `The credentials of datastore '${before.name}' were given for another place; give them again for this one.`,
    { target: `properties.credentials.secrets.${secret}` },
  )
}
