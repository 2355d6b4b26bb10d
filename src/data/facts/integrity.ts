import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { BlobMissing, type BlobInfo } from '../../artifacts/artifacts.ts'
import { parseArmId, inWords } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Location, Published } from '../resolve.ts'

/** A file by its path below its folder, with the SHA-256 of its bytes in lower-case hex. */
export type Hashed = readonly [path: string, sha256: string]

/** The hash of a folder: SHA-256 of the lines `{path}\0{hash}\n` of its files, in the order of their paths. */
export function hashOfFolder(files: readonly Hashed[]): string {
  const hash = createHash('sha256')
  for (const [path, sha256] of files) hash.update(`${path}\0${sha256}\n`)
  return hash.digest('hex')
}

/**
 * The blobs at a location of ours: the one of exactly that name, or those below it, with their paths below it. Empty
 * where there is nothing.
 */
export async function blobsAt(
  { artifacts }: Pick<Platform, 'artifacts'>,
  { container, path }: { readonly container: string; readonly path: string },
): Promise<{ readonly kind: 'file' | 'folder'; readonly blobs: readonly (BlobInfo & { below: string })[] }> {
  const exact = path === '' ? undefined : await artifacts.head({ container, path })
  if (exact !== undefined) return { kind: 'file', blobs: [{ ...exact, below: '' }] }
  const prefix = path === '' ? '' : `${path}/`
  const blobs: (BlobInfo & { below: string })[] = []
  for (let after: string | undefined; ;) {
    const page = await artifacts.list(container, prefix, after === undefined ? {} : { after })
    blobs.push(...page.blobs.map((blob) => ({ ...blob, below: blob.path.slice(prefix.length) })))
    if (page.next === undefined) return { kind: 'folder', blobs }
    after = page.next
  }
}

/**
 * Reads every byte of what a registry published and throws corrupt, saying of which version, if they are not those that
 * were published. Does nothing for a location of anything else.
 */
export async function verifyPublished(platform: Platform, location: Location): Promise<void> {
  if (location.kind !== 'blob' || location.published === undefined) return
  const { kind, blobs } = await blobsAt(platform, location)
  const hashed: Hashed[] = []
  for (const blob of blobs) hashed.push([blob.below, await hashOfBlob(platform, blob, location.published)])
  const found = kind === 'file' ? (hashed[0]?.[1] ?? '') : hashOfFolder(hashed)
  if (found !== location.published.sha256) throw corrupt(location.published, `their SHA-256 is ${found}`)
}

/**
 * The same for one file below a published folder, or for the one that was published: only its own bytes are read. Throws
 * notFound if it is not among them.
 */
export async function verifyPublishedFile(
  platform: Platform,
  location: Extract<Location, { kind: 'blob' }>,
  path: string,
): Promise<BlobInfo> {
  const { kind, blobs } = await blobsAt(platform, location)
  const blob = blobs.find((found) => found.path === path)
  if (blob === undefined) throw errors.notFound(`There is no file '${path}'.`, { target: 'path' })
  const { published } = location
  if (published === undefined) return blob
  const named = kind === 'file' ? blob.digest : hashOfFolder(blobs.map((b) => [b.below, b.digest]))
  if (named !== published.sha256) throw corrupt(published, `their SHA-256 is ${named}`)
  const found = await hashOfBlob(platform, blob, published)
  if (found !== blob.digest) throw corrupt(published, `the SHA-256 of '${blob.path}' is ${found}`)
  return blob
}

async function hashOfBlob({ artifacts }: Platform, blob: BlobInfo, published: Published): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(await artifacts.read(blob), hash)
  } catch (error) {
    const gone = error instanceof BlobMissing || (error as { code?: unknown } | null)?.code === 'ENOENT'
    if (gone) throw corrupt(published, `'${blob.path}' is missing`)
    throw error
  }
  return hash.digest('hex')
}

function corrupt({ id, sha256 }: Published, why: string): Error {
  const { type, names } = parseArmId(id)
  return errors.corrupt(
    `The files of ${inWords(type, names)} are not those that were published: ${why}, and ${sha256} was recorded. ` +
      'They are not used. Restore the store from a backup, or publish the version again under another number.',
  )
}
