import { Readable } from 'node:stream'
import type { TokenCredential } from '@azure/identity'
import type { BlobItem, ContainerClient, RestError } from '@azure/storage-blob'
import { failureOf, networkCode } from '../failures.ts'
import type { Blame } from '../failures.ts'
import { FileChanged, FileExists, FileMissing } from '../file-store.ts'
import type { FileInfo, FileStore } from '../file-store.ts'

/** How a store in Azure is asked. */
export type AzureAccess =
  | { readonly by: 'anonymous' }
  | { readonly by: 'accountKey'; readonly key: string }
  | { readonly by: 'sas'; readonly token: string }
  /** A service principal, a certificate, or the identity of this machine. */
  | { readonly by: 'identity'; readonly credential: TokenCredential }

const words: Record<AzureAccess['by'], string> = {
  anonymous: 'access without credentials',
  accountKey: 'its account key',
  sas: 'its SAS token',
  identity: 'its identity',
}

const blockBytes = 8 * 1024 * 1024

/** So often and so long something is tried before it is said to have failed: about 5 s where nothing answers. */
const retries = { maxTries: 4, retryDelayInMs: 300, maxRetryDelayInMs: 4000, tryTimeoutInMs: 60_000 }

/**
 * A container of Azure Blob Storage, or a file system of Data Lake Storage Gen2 by its Blob endpoint (whose folders
 * show as marked empty blobs, which are passed over; where it is hierarchical, it lists folder by folder). A write is
 * one commit of a block list: all or nothing.
 */
export async function azureStore(options: {
  readonly name: string
  /** Of the service, without the container: `https://acme.blob.core.windows.net`. */
  readonly serviceUrl: string
  readonly account: string
  readonly container: string
  readonly access: AzureAccess
}): Promise<FileStore> {
  const { name, serviceUrl, account, container, access } = options
  // Only now: most servers have no store in Azure, and need not wait for its client to load.
  const azure = await import('@azure/storage-blob')
  const credential =
    access.by === 'accountKey'
      ? new azure.StorageSharedKeyCredential(account, access.key)
      : access.by === 'identity'
        ? access.credential
        : new azure.AnonymousCredential()
  const client = new azure.ContainerClient(
    `${serviceUrl}/${encodeURIComponent(container)}${access.by === 'sas' ? `?${access.token.replace(/^\?/, '')}` : ''}`,
    credential,
    { retryOptions: retries },
  )
  const blame: Blame = {
    name,
    host: new URL(serviceUrl).host,
    place: `container '${container}'`,
    by: words[access.by],
  }
  return storeOf(client, blame, `${serviceUrl}/${container}`)
}

function storeOf(client: ContainerClient, blame: Blame, identity: string): FileStore {
  const { name } = blame

  /** Does one thing, and says what went wrong in words of ours. */
  const asking = async <T>(path: string, signal: AbortSignal | undefined, work: () => Promise<T>) => {
    try {
      signal?.throwIfAborted()
      return await work()
    } catch (error) {
      signal?.throwIfAborted()
      throw told(error, path)
    }
  }

  const told = (error: unknown, path: string): unknown => {
    const { statusCode: status, name: kind, details } = error as RestError
    // The answer to a HEAD has no body: its code is in a header.
    const code = (error as RestError).code ?? (details as { errorCode?: string } | undefined)?.errorCode
    if (code === 'BlobNotFound') return new FileMissing(`There is no file ${path} in ${name}.`)
    if (code === 'BlobAlreadyExists') return new FileExists(`${path} is in ${name} already.`)
    if (status === 412) return new FileChanged(`${path} in ${name} has changed.`)
    // Credentials of an identity fail before anything is asked of the store.
    if (/Authentication|CredentialUnavailable/.test(kind ?? ''))
      return failureOf(blame, { status: 401, code: kind, cause: error })
    // Azurite says so of an account that it does not know.
    if (code === 'ResourceNotFound') {
      const place = `account '${client.accountName}' with ${blame.place ?? 'it'}`
      return failureOf({ ...blame, place }, { status, code, cause: error })
    }
    const offline = networkCode(error)
    if (offline === undefined && status === undefined && kind !== 'RestError') return error
    return failureOf(blame, { status, code: offline ?? code, cause: error })
  }

  return {
    name,
    identity,

    head: (path, signal) =>
      asking(path, signal, async (): Promise<FileInfo | undefined> => {
        const found = await client.getBlobClient(path).getProperties(signalled(signal))
        if (isFolder(found.metadata)) return undefined
        const { contentLength: size = 0, etag, lastModified } = found
        return { path, size, etag: unquoted(etag), modifiedAt: lastModified }
      }).catch((error: unknown) => {
        if (error instanceof FileMissing) return undefined
        throw error
      }),

    read: (path, { range, ifMatch, signal } = {}) =>
      asking(path, signal, async () => {
        const count = range?.end === undefined ? undefined : range.end - range.start + 1
        const answer = await client.getBlobClient(path).download(range?.start ?? 0, count, {
          ...signalled(signal),
          maxRetryRequests: 5,
          ...(ifMatch === undefined ? {} : { conditions: { ifMatch: `"${ifMatch}"` } }),
        })
        return (answer.readableStreamBody ?? Readable.from([])) as Readable
      }).catch((error: unknown) => {
        // A range that begins behind the end of the file.
        const { cause } = error as { cause?: RestError }
        if (cause?.statusCode === 416) return Readable.from([])
        throw error
      }),

    list: (prefix, { after, limit = 5000, signal } = {}) =>
      asking(prefix, signal, async () => {
        const pages = client
          .listBlobsFlat({ prefix, includeMetadata: true, ...signalled(signal) })
          .byPage({ maxPageSize: limit, ...(after === undefined ? {} : { continuationToken: after }) })
        const { value } = await pages.next()
        const page = value as { segment: { blobItems: BlobItem[] }; continuationToken?: string } | undefined
        const files = (page?.segment.blobItems ?? []).filter((b) => !isFolder(b.metadata, b.name)).map(infoOf)
        const next = page?.continuationToken ?? ''
        return next === '' ? { files } : { files, next }
      }),

    write: (path, body, { ifNoneMatch, signal } = {}) =>
      asking(path, signal, async () => {
        let size = 0
        const counted = Readable.from(
          (async function* () {
            for await (const chunk of body) {
              size += chunk.byteLength
              yield chunk
            }
          })(),
          { objectMode: false },
        )
        const { etag, lastModified } = await client
          .getBlockBlobClient(path)
          .uploadStream(counted, blockBytes, 2, {
            ...signalled(signal),
            ...(ifNoneMatch === undefined ? {} : { conditions: { ifNoneMatch } }),
          })
        return { path, size, etag: unquoted(etag), modifiedAt: lastModified }
      }),

    remove: (path, signal) =>
      asking(path, signal, async () => {
        const { succeeded, errorCode } = await client.getBlobClient(path).deleteIfExists(signalled(signal))
        if (!succeeded && errorCode !== undefined && errorCode !== 'BlobNotFound')
          throw failureOf(blame, { code: errorCode, cause: undefined })
        return succeeded
      }),
  }
}

const signalled = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal })
const unquoted = (etag: string | undefined) => etag?.replace(/^(?:W\/)?"|"$/g, '')

const infoOf = ({ name, properties }: BlobItem): FileInfo => ({
  path: name,
  size: properties.contentLength ?? 0,
  etag: unquoted(properties.etag),
  modifiedAt: properties.lastModified,
})

/** Folders of a data lake show as empty blobs that are marked so; other clients mark them by a slash at the end. */
const isFolder = (metadata: Readonly<Record<string, string>> | undefined, name = '') =>
  name.endsWith('/') || metadata?.['hdi_isfolder'] === 'true'
