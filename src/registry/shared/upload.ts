import { randomUUID } from 'node:crypto'
import { basename } from 'node:path/posix'
import { containerOf } from '../../data/containers.ts'
import { blobsAt, verifyPublished } from '../../data/facts/integrity.ts'
import { resolve, type Location } from '../../data/resolve.ts'
import { openLocally, shownLocation } from '../../data/transfer.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { bytesAt } from '../../data/facts/bytes.ts'
import { blobUriIn } from './content.ts'
import type { Publishing } from './publish.ts'

/** What lies elsewhere has to be fetched while the client waits; more than this is imported first. */
const mostFetched = 2 ** 30

/**
 * Gives the files that a reference means in a workspace a place in the registry's container, calls `use` with its URI and takes
 * the place away again: by then, the registry has given the files names that stay. Bytes that are ours are not moved.
 */
export async function withUploaded<T>(
  { platform, registry }: Publishing,
  workspace: string,
  reference: string,
  use: (uri: string) => Promise<T>,
): Promise<T> {
  const { location } = await resolve(platform, workspace, reference)
  const container = containerOf(registry, 'blobstore')
  const folder = `LocalUpload/${randomUUID()}`
  try {
    return await use(
      blobUriIn(platform, registry, await placeFiles(platform, location, { container, folder })),
    )
  } finally {
    for (const blob of (await blobsAt(platform, { container, path: folder })).blobs)
      await platform.artifacts.remove(blob)
  }
}

/** Puts the files at a location into a folder of one of our containers, and returns where. Again, it does no harm. */
export async function placeFiles(
  platform: Platform,
  location: Location,
  { container, folder }: { readonly container: string; readonly folder: string },
): Promise<string> {
  const path = `${folder}/${leafOf(location)}`
  if (location.kind === 'blob') {
    await verifyPublished(platform, location)
    for (const blob of await filesAt(platform, location))
      await platform.artifacts.copy(blob, {
        container,
        path: blob.below === '' ? path : `${path}/${blob.below}`,
      })
  } else await fetched(platform, location, { container, path })
  return path
}

async function filesAt(platform: Platform, location: Extract<Location, { kind: 'blob' }>) {
  const { blobs } = await blobsAt(platform, location)
  if (blobs.length === 0) throw errors.notFound(`Nothing is at '${shownLocation(location)}'.`)
  return blobs
}

async function fetched(
  platform: Platform,
  location: Exclude<Location, { kind: 'blob' }>,
  to: { readonly container: string; readonly path: string },
): Promise<void> {
  const signal = AbortSignal.timeout(10 * 60_000)
  const { bytes } = await bytesAt(platform, location, signal)
  if (bytes > mostFetched)
    throw errors.badRequest(
      `'${shownLocation(location)}' is ${bytes} bytes in a store elsewhere, too much to be fetched while you wait. Import it first (twinloop data import), and share that version.`,
    )
  const data = await openLocally(platform, location, signal)
  try {
    await platform.artifacts.storeFolder(data.path, to)
  } finally {
    await data.release()
  }
}

/** Name of the file or folder itself, by which programs find it again. */
const leafOf = (location: Location): string =>
  (location.kind === 'url' ? basename(new URL(location.url).pathname) : basename(location.path)) || 'files'
