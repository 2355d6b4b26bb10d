import { createHash } from 'node:crypto'
import { BlobExists, BlobMissing, DigestMismatch } from '../../artifacts/artifacts.ts'
import type { Artifacts, BlobInfo, BlobName, BlobPage, Body, PutOptions } from '../../artifacts/artifacts.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import { datastoreOfContainer, ownerOfContainer } from '../containers.ts'
import { storeOfDatastore } from '../datastores/store-of-datastore.ts'
import { FileExists, FileMissing } from '../stores/file-store.ts'
import type { FileInfo, FileStore } from '../stores/file-store.ts'
import { blobErrors } from './blob-error.ts'

/** What the face does to the blobs of a container. */
export type Blobs = Pick<
  Artifacts,
  'put' | 'head' | 'read' | 'list' | 'setMetadata' | 'remove' | 'stageBlock' | 'stagedBlocks' | 'commitBlocks'
>

/**
 * The blobs of a container of ours, or the files of the datastore that a container stands for. Throws ContainerNotFound
 * where that datastore has gone.
 */
export async function blobsOf(platform: Platform, container: string): Promise<Blobs> {
  const name = datastoreOfContainer(container)
  if (name === undefined) return platform.artifacts
  const workspace = await ownerOfContainer(platform, container)
  const datastore = workspace && (await platform.resources.find(childId(workspace.id, 'datastores', name)))
  if (datastore === undefined) throw blobErrors.ContainerNotFound('The specified container does not exist.')
  return blobsOfStore(platform.artifacts, await storeOfDatastore(platform, datastore))
}

/**
 * Files of a store as blobs. They have no MD5 and keep no metadata, which no store but Azure's has: setting it does
 * nothing. Blocks are staged among our own artifacts, and written as one file when they are committed.
 */
function blobsOfStore(artifacts: Artifacts, store: FileStore): Blobs {
  const put = async (name: BlobName, body: Body, { ifNoneMatch, md5 }: PutOptions = {}) => {
    const digest = createHash('md5')
    const digested = async function* () {
      for await (const chunk of body instanceof Uint8Array ? [body] : body) {
        digest.update(chunk)
        yield chunk
      }
      const found = digest.copy().digest('base64')
      // Thrown before the body ends, so that nothing is stored.
      if (md5 !== undefined && md5 !== found)
        throw new DigestMismatch(`The body's MD5 is ${found}, not ${md5}.`)
    }
    const written = await asBlobs(
      store.write(name.path, digested(), ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    )
    return { ...blobOf(name.container, written), md5: digest.digest('base64') }
  }

  const head = async ({ container, path }: BlobName) => {
    const file = await store.head(path)
    return file && blobOf(container, file)
  }

  return {
    put,
    head,
    read: ({ path }, range) => asBlobs(store.read(path, range === undefined ? {} : { range })),
    remove: ({ path }) => store.remove(path),
    list: (container, prefix, { delimiter, after, limit } = {}) =>
      listFolder(store, container, prefix, { delimiter, after, limit }),
    async setMetadata(name) {
      const blob = await head(name)
      if (blob === undefined) throw new BlobMissing(`There is no blob ${name.container}/${name.path}.`)
      return blob
    },
    stageBlock: (name, id, body, options) => artifacts.stageBlock(name, id, body, options),
    stagedBlocks: (name) => artifacts.stagedBlocks(name),
    async commitBlocks(name, ids, options = {}) {
      const { md5, ...rest } = options
      const whole = await artifacts.commitBlocks(name, ids, md5 === undefined ? {} : { md5 })
      try {
        return await put(name, await artifacts.read(whole), rest)
      } finally {
        await artifacts.remove(whole)
      }
    },
  }
}

/** A page of a store, with what lies below the next delimiter rolled up. The marker says which roll-up was shown last. */
async function listFolder(
  store: FileStore,
  container: string,
  prefix: string,
  {
    delimiter,
    after,
    limit,
  }: { delimiter?: string | undefined; after?: string | undefined; limit?: number | undefined },
): Promise<BlobPage> {
  const [marker, shown] = after === undefined ? [] : (JSON.parse(after) as [string, string | null])
  const page = await store.list(prefix, {
    ...(marker === undefined ? {} : { after: marker }),
    ...(limit === undefined ? {} : { limit }),
  })
  const blobs: BlobInfo[] = []
  const prefixes: string[] = []
  let last = shown ?? undefined
  for (const file of page.files) {
    const at = delimiter === undefined ? -1 : file.path.indexOf(delimiter, prefix.length)
    if (at < 0) {
      blobs.push(blobOf(container, file))
      continue
    }
    const rolled = file.path.slice(0, at + (delimiter?.length ?? 0))
    if (rolled !== last) prefixes.push(rolled)
    last = rolled
  }
  return page.next === undefined
    ? { blobs, prefixes }
    : { blobs, prefixes, next: JSON.stringify([page.next, last ?? null]) }
}

const blobOf = (container: string, { path, size, etag, modifiedAt }: FileInfo): BlobInfo => ({
  container,
  path,
  size: size ?? 0,
  etag: etag ?? '',
  modifiedAt: modifiedAt ?? new Date(0),
  digest: '',
  md5: '',
  contentType: 'application/octet-stream',
  metadata: {},
})

async function asBlobs<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof FileMissing) throw new BlobMissing(error.message, { cause: error })
    if (error instanceof FileExists) throw new BlobExists(error.message, { cause: error })
    throw error
  }
}
