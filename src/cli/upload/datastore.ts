import type { Client } from '../client/client.ts'
import { asReached, uploadAll, type Destination } from './blobs.ts'
import type { Upload } from './upload.ts'

/** Uploads files into a datastore (default the workspace's own) under their hash; returns the `azureml://` URI of them. */
export async function uploadToDatastore(
  client: Client,
  upload: Upload,
  options: { readonly datastore?: string | undefined; readonly folderSlash?: boolean } = {},
): Promise<string> {
  const name =
    (options.datastore ?? 'workspaceblobstore')
      .replace(/^azureml:/, '')
      .split('/')
      .at(-1) ?? ''
  const root = `LocalUpload/${upload.hash}`
  const to = await datastoreDestination(client, name)
  await uploadAll(client.connection, to, upload.isFolder ? `${root}/${upload.leaf}` : root, upload)
  const { subscription, resourceGroup, workspace } = client.connection
  const slash = upload.isFolder && options.folderSlash !== false ? '/' : ''
  return (
    `azureml://subscriptions/${subscription}/resourcegroups/${resourceGroup}/workspaces/${workspace}` +
    `/datastores/${name}/paths/${root}/${upload.leaf}${slash}`
  )
}

/**
 * The container by which the server shows a datastore, and a signature for it. Whatever kind of store it is, the server
 * goes there: a client needs neither its credentials nor a way to it.
 */
export async function datastoreDestination(client: Client, name: string): Promise<Destination> {
  const { containerUri, sasToken } = await client.post<{ containerUri: string; sasToken: string }>(
    `/datastores/${name}/listSecrets`,
    { expirableSecret: true, expireAfterHours: 1, through: 'server' },
  )
  return { url: asReached(client.connection, containerUri, true), sas: sasToken }
}
