import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { blobsAt, hashOfFolder } from './integrity.ts'
import type { Location } from '../resolve.ts'
import { filesBelow } from '../stores/file-store.ts'
import { httpsFile } from '../stores/web/https-file.ts'
import { openStore } from '../stores/open-store.ts'
import { openLocally, shownLocation } from '../transfer.ts'

/** What is known of bytes without knowing what they are. */
export interface BytesFacts {
  readonly bytes: number
  readonly files: number
  /**
   * SHA-256, lower-case hex: of a file its bytes'; of a folder that of the lines `{path}\0{hash}\n` of its files, in
   * the order of their paths. Absent for data elsewhere that are too large to be fetched for it.
   */
  readonly contentHash?: string
}

/** Data elsewhere up to this size are fetched to be known: whoever registers a lake does not ask for a copy of it. */
const mostFetched = 2 ** 30

export const tooLargeToFetch =
  'the data are elsewhere and larger than 1 GiB, so they were not fetched: twinloop data profile reads them when asked to'

/** Throws notFound where nothing is, and what the store says where it cannot be reached. */
export async function bytesAt(
  platform: Platform,
  location: Location,
  signal: AbortSignal,
): Promise<BytesFacts> {
  if (location.kind === 'blob') return inBlobs(platform, location)
  const elsewhere = await sizeElsewhere(platform, location, signal)
  if (elsewhere !== undefined && elsewhere.bytes > mostFetched) return elsewhere
  const data = await openLocally(platform, location, signal)
  try {
    const hashed: [path: string, digest: string][] = []
    for (const { path } of data.files) {
      const hash = createHash('sha256')
      await pipeline(createReadStream(path), hash, { signal })
      hashed.push([relative(data.path, path).replaceAll(sep, '/'), hash.digest('hex')])
    }
    return {
      bytes: data.files.reduce((sum, { bytes }) => sum + bytes, 0),
      files: data.files.length,
      contentHash: data.kind === 'file' ? (hashed[0]?.[1] ?? '') : hashOfFolder(hashed),
    }
  } finally {
    await data.release()
  }
}

/** The store keeps every blob's hash. */
async function inBlobs(
  platform: Platform,
  location: Extract<Location, { kind: 'blob' }>,
): Promise<BytesFacts> {
  const { kind, blobs } = await blobsAt(platform, location)
  if (blobs.length === 0) throw errors.notFound(`Nothing is at '${shownLocation(location)}'.`)
  return {
    bytes: blobs.reduce((sum, { size }) => sum + size, 0),
    files: blobs.length,
    contentHash:
      kind === 'file' ? (blobs[0]?.digest ?? '') : hashOfFolder(blobs.map((b) => [b.below, b.digest])),
  }
}

/** Size and number of files of data elsewhere; undefined for a local folder, and where a server does not tell. */
async function sizeElsewhere(
  platform: Platform,
  location: Location,
  signal: AbortSignal,
): Promise<Pick<BytesFacts, 'bytes' | 'files'> | undefined> {
  if (location.kind === 'url') {
    const size = (await httpsFile(location.url).head('', signal))?.size
    return size === undefined ? undefined : { bytes: size, files: 1 }
  }
  if (location.kind !== 'store') return undefined
  const store = await openStore(platform, location.store)
  const file = location.path === '' ? undefined : await store.head(location.path, signal)
  if (file !== undefined) return file.size === undefined ? undefined : { bytes: file.size, files: 1 }
  let bytes = 0
  let files = 0
  for await (const { size } of filesBelow(store, location.path === '' ? '' : `${location.path}/`)) {
    signal.throwIfAborted()
    bytes += size ?? 0
    files++
  }
  return { bytes, files }
}
