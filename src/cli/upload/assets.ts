import type { Client, Json } from '../client/client.ts'
import { RemoteFailure } from '../client/remote-failure.ts'
import { textOf } from '../present/present.ts'
import { asReached, uploadAll } from './blobs.ts'
import { collect } from './collect.ts'
import { uploadToDatastore } from './datastore.ts'
import { guidOf } from './upload.ts'

const hashVersion = '202208'

/**
 * Uploads a folder (or a single file) of scripts and registers it as code; returns its id. The same content is uploaded
 * once.
 */
export async function uploadCode(
  client: Client,
  path: string,
  includes: readonly string[] = [],
): Promise<string> {
  const upload = await collect(path, includes)
  const guid = guidOf(upload.hash)
  const [known] = await existing(client, `/codes/${guid}/versions`, { hash: upload.hash, hashVersion })
  if (known?.['id'] !== undefined) return textOf(known['id'])
  const pending = await client.post<PendingUpload>(`/codes/${guid}/versions/1/startPendingUpload`, {
    pendingUploadType: 'TemporaryBlobReference',
  })
  const { blobUri, credential } = pending.blobReferenceForConsumption
  const [container = '', sas = ''] = credential.sasUri.split('?')
  const leaf = upload.isFolder ? upload.leaf : 'code'
  await uploadAll(
    client.connection,
    { url: asReached(client.connection, container, true), sas },
    leaf,
    upload,
  )
  const body = await client.put<{ id: string }>(`/codes/${guid}/versions/1`, {
    properties: {
      codeUri: `${blobUri}/${leaf}`,
      isAnonymous: true,
      isArchived: false,
      properties: { hash_sha256: upload.hash, hash_version: hashVersion },
    },
  })
  return body.id
}

/**
 * Uploads a local file or folder into a datastore under its hash; returns the `azureml://` URI that a data asset, a
 * model or a job's input has. Folders end with a slash if `folderSlash`.
 */
export const uploadData = async (
  client: Client,
  path: string,
  options: { readonly datastore?: string | undefined; readonly folderSlash?: boolean } = {},
): Promise<string> =>
  client.isRegistry ? uploadShared(client, path) : uploadToDatastore(client, await collect(path), options)

/** The same into a registry, which has no datastores: to a place that is made for this upload. */
async function uploadShared(client: Client, path: string): Promise<string> {
  const upload = await collect(path)
  const pending = await client.post<PendingUpload>(
    `/data/${guidOf(upload.hash)}/versions/1/startPendingUpload`,
    { pendingUploadType: 'TemporaryBlobReference' },
  )
  const { blobUri, credential } = pending.blobReferenceForConsumption
  const [folder = '', sas = ''] = credential.sasUri.split('?')
  const to = { url: asReached(client.connection, folder, true), sas }
  await uploadAll(client.connection, to, upload.isFolder ? upload.leaf : 'files', upload)
  return `${blobUri}/${upload.isFolder ? '' : 'files/'}${upload.leaf}`
}

/** The answer to `startPendingUpload`: a folder, with a signature to write to it. */
interface PendingUpload {
  readonly blobReferenceForConsumption: {
    readonly blobUri: string
    readonly credential: { readonly sasUri: string }
  }
}

async function existing(
  client: Client,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly Json[]> {
  try {
    return await client.list(path, query, 1)
  } catch (error) {
    if (error instanceof RemoteFailure && error.status === 404) return []
    throw error
  }
}
