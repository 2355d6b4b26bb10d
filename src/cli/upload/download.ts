import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from '../client/client.ts'
import { Failure } from '../failure.ts'
import { datastoreDestination } from './datastore.ts'
import { asReached, listBlobs, readBlob, type Destination } from './blobs.ts'

/**
 * Downloads what an `azureml://…/datastores/D/paths/P` URI (or another that the server resolves to one) stands for, into
 * a folder; a file keeps its name, a folder's files their paths below it. Returns how many files there were.
 */
export async function downloadUri(client: Client, uri: string, folder: string): Promise<number> {
  const { datastore, path } = datastorePath(await resolvedUri(client, uri))
  return downloadFrom(client, await datastoreDestination(client, datastore), path, folder)
}

/**
 * The same for the files of a version of the client's registry, once the server has found them to be those that were
 * published.
 */
export async function downloadShared(
  client: Client,
  asset: { readonly type: string; readonly name: string; readonly version: string },
  folder: string,
): Promise<number> {
  const { type, name, version } = asset
  const registry = client.workspaceId.split('/').at(-1) ?? ''
  const { blobReferenceForConsumption: at } = await client.post<{
    blobReferenceForConsumption: { blobUri: string; credential: { sasUri: string } }
  }>(`/datarefs/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`, {
    assetId: `azureml://registries/${registry}/${type}/${name}/versions/${version}`,
  })
  const [container = '', sas = ''] = at.credential.sasUri.split('?')
  const path = decodeURIComponent(new URL(at.blobUri).pathname.slice(new URL(container).pathname.length + 1))
  return downloadFrom(client, { url: asReached(client.connection, container, true), sas }, path, folder)
}

async function downloadFrom(
  client: Client,
  from: Destination,
  path: string,
  folder: string,
): Promise<number> {
  const prefix = path.replace(/\/+$/, '')
  const names = (await listBlobs(client.connection, from, prefix)).filter(
    (n) => n === prefix || n.startsWith(`${prefix}/`) || prefix === '',
  )
  for (const name of names) {
    const below =
      name === prefix ? (name.split('/').at(-1) ?? name) : name.slice(prefix === '' ? 0 : prefix.length + 1)
    await save(client, from, name, safeJoin(folder, below))
  }
  return names.length
}

async function save(
  client: Client,
  from: Parameters<typeof readBlob>[1],
  name: string,
  to: string,
): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  const bytes = await readBlob(client.connection, from, name)
  await pipeline(Readable.fromWeb(bytes), createWriteStream(to))
}

/** A path below a folder; what would leave it (a store may hold any name) is refused. */
export function safeJoin(folder: string, below: string): string {
  const root = resolve(folder)
  const full = resolve(join(root, below))
  if (full !== root && !full.startsWith(root + sep))
    throw new Failure(`the store has a file named ${below}, which would lie outside ${folder}`)
  return full
}

function datastorePath(uri: string): { datastore: string; path: string } {
  const match = /\/datastores\/([^/]+)\/paths\/?(.*)$/.exec(uri)
  if (match === null) throw new Failure(`${uri} cannot be downloaded: it is in no datastore of the workspace`)
  return { datastore: match[1] ?? '', path: match[2] ?? '' }
}

/** Asks the server where a job's output or a run's artifact lies. */
async function resolvedUri(client: Client, uri: string): Promise<string> {
  if (uri.includes('/datastores/')) return uri
  const run = /^runs:\/+([^/]+)\/?(.*)$/.exec(uri)
  if (run !== null)
    return `azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.${run[1]}/${run[2]}`
  const answer = await client.post<{ values: Readonly<Record<string, { uri?: string }>> }>(
    `${client.connection.url}/data/v1.0${client.workspaceId}/dataversion/batchGetResolvedUris`,
    { values: [uri] },
  )
  return answer.values[uri]?.uri ?? uri
}
