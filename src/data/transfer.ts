import { randomUUID } from 'node:crypto'
import { mkdir, readdir, realpath, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { CheckoutOptions } from '../artifacts/artifacts.ts'
import { isWithin } from '../artifacts/names.ts'
import { errors } from '../kernel/errors.ts'
import type { Platform } from '../kernel/platform.ts'
import { cacheOf, fetchFiles, fetchUrl } from './stores/cache/fetch-files.ts'
import { verifyPublished } from './facts/integrity.ts'
import type { Location } from './resolve.ts'
import { httpsFile } from './stores/web/https-file.ts'
import { filesBelow as filesIn } from './stores/file-store.ts'
import { openStore } from './stores/open-store.ts'
import { uploadTo } from './stores/writing/upload.ts'
import { writableStore } from './stores/writing/writable.ts'

/** What is at a location; undefined if nothing is. A URL is taken for a file: asking costs a request. */
export async function kindAt(
  platform: Platform,
  location: Location,
  signal?: AbortSignal,
): Promise<'file' | 'folder' | undefined> {
  switch (location.kind) {
    case 'url':
      return 'file'
    case 'local': {
      const found = await stat(location.path).catch(() => undefined)
      // A pipe would be waited for, and a device has no end.
      return found?.isDirectory() === true ? 'folder' : found?.isFile() === true ? 'file' : undefined
    }
    case 'store': {
      const { path } = location
      const store = await openStore(platform, location.store)
      if (path !== '' && (await store.head(path, signal)) !== undefined) return 'file'
      const below = await store.list(path === '' ? '' : `${path}/`, {
        limit: 1,
        ...(signal === undefined ? {} : { signal }),
      })
      // A page may be short of what is passed over in it.
      return below.files.length > 0 || below.next !== undefined ? 'folder' : undefined
    }
    case 'blob': {
      const { container, path } = location
      if (path !== '' && (await platform.artifacts.head({ container, path })) !== undefined) return 'file'
      const below = await platform.artifacts.list(container, path === '' ? '' : `${path}/`, { limit: 1 })
      return below.blobs.length > 0 ? 'folder' : undefined
    }
  }
}

/** How a location is called in messages; the query of a URL may be a signature, and is left out. */
export function shownLocation(location: Location): string {
  switch (location.kind) {
    case 'url':
      return location.url.split('?')[0] ?? ''
    case 'local':
      return location.path
    case 'store':
      return location.uri.split('?')[0] ?? ''
    case 'blob':
      return `${location.container}/${location.path}`
  }
}

/**
 * Makes what is at a location readable as a local path, and returns that path: of the file, or of the folder. It is laid
 * out below `folder`, read-only, what is elsewhere through the cache; a local datastore is used where it is. Throws
 * notFound if nothing is there, and the signal's reason once that is aborted.
 */
export async function fetchTo(
  platform: Platform,
  location: Location,
  folder: string,
  signal?: AbortSignal,
  by: CheckoutOptions = {},
): Promise<{ readonly path: string; readonly files: number; readonly bytes: number }> {
  const fetched = await layOut(platform, location, folder, signal === undefined ? by : { ...by, signal })
  if (fetched === undefined) throw errors.notFound(`Nothing is at '${shownLocation(location)}'.`)
  return fetched
}

async function layOut(
  platform: Platform,
  location: Location,
  folder: string,
  by: CheckoutOptions & { readonly signal?: AbortSignal },
) {
  switch (location.kind) {
    case 'url':
      return fetchUrl(cacheOf(platform), httpsFile(location.url), location.url, folder, by)
    case 'store': {
      const store = await openStore(platform, location.store)
      const fetched = await fetchFiles(cacheOf(platform), store, location.path, folder, by)
      return fetched.files === 0 ? undefined : fetched
    }
    case 'local':
      return (await kindAt(platform, location)) && { path: location.path, files: 0, bytes: 0 }
    case 'blob': {
      const kind = await kindAt(platform, location)
      if (kind === undefined) return undefined
      await verifyPublished(platform, location)
      const laidOut = await platform.artifacts.checkout(location, folder, by)
      return { ...laidOut, path: kind === 'file' ? join(folder, basename(location.path)) : folder }
    }
  }
}

/** One line for each file at a place in a store elsewhere, by its path below that and by its etag, in their order. */
export async function etagsAt(
  platform: Platform,
  { store: address, path }: Extract<Location, { kind: 'store' }>,
): Promise<readonly string[]> {
  const store = await openStore(platform, address)
  const file = path === '' ? undefined : await store.head(path)
  if (file !== undefined) return [`\0${file.etag}\n`]
  const prefix = path === '' ? '' : `${path}/`
  const files = await Array.fromAsync(filesIn(store, prefix))
  return files.map((f) => `${f.path.slice(prefix.length)}\0${f.etag}\n`).sort()
}

/** Data that can be read as local files until it is released. */
export interface OpenedData {
  /** Of the file, or of the folder that `files` lie below. */
  readonly path: string
  readonly kind: 'file' | 'folder'
  /**
   * Every regular file, by its absolute path, in the byte order of their paths; of a local folder those that links do
   * not lead out of it.
   */
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
  /** To be called once when it has been read; what was laid out for this reading alone is removed. Never throws. */
  release(): Promise<void>
}

/**
 * Makes what is at a location readable as a local path, whatever kind of store it is in; for reading by code of ours
 * only. Throws notFound if nothing is there, and the signal's reason once that is aborted.
 */
export async function openLocally(
  platform: Platform,
  location: Location,
  signal?: AbortSignal,
): Promise<OpenedData> {
  const folder = join(openFolder(platform), randomUUID())
  const release = () => rm(folder, { recursive: true, force: true }).catch(() => undefined)
  try {
    await mkdir(folder, { recursive: true })
    const { path } = await fetchTo(platform, location, folder, signal, { onlyRead: true })
    signal?.throwIfAborted()
    const found = await stat(path)
    if (!found.isDirectory()) return { path, kind: 'file', files: [{ path, bytes: found.size }], release }
    const files = await filesBelow(path)
    return {
      path,
      kind: 'folder',
      files: location.kind === 'local' ? await within(path, files) : files,
      release,
    }
  } catch (error) {
    await release()
    throw error
  }
}

const openFolder = (platform: Platform) => join(platform.config.home, 'cache', 'open')

/** Removes what a server that was killed had laid out or half-fetched. To be called before anything is read. */
export async function tidyCache(platform: Platform): Promise<void> {
  await rm(openFolder(platform), { recursive: true, force: true })
  await cacheOf(platform).tidy()
}

/** Every regular file below a folder, in the byte order of their paths. */
export async function filesBelow(folder: string) {
  const files: { path: string; bytes: number }[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile() === true) files.push({ path, bytes: found.size })
  }
  return files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
}

/** The files that lie in the folder: a link in it may lead to what the folder's readers may not see. */
async function within(folder: string, files: OpenedData['files']): Promise<OpenedData['files']> {
  const root = await realpath(folder)
  const real = await Promise.all(files.map(({ path }) => realpath(path).catch(() => undefined)))
  return files.filter((_, i) => real[i] !== undefined && isWithin(root, real[i]))
}

/**
 * Stores a local file or folder at a location. In a container of ours a folder appears at once; elsewhere each file
 * does, and a folder that could not be stored whole is removed again. Throws badRequest where nothing can be written.
 */
export async function storeAt(
  platform: Platform,
  source: string,
  location: Location,
  signal?: AbortSignal,
): Promise<{ readonly files: number; readonly bytes: number }> {
  if (location.kind === 'blob') return platform.artifacts.storeFolder(source, location)
  const { store, path } = await writableStore(platform, location)
  // An empty folder is one, too.
  if (location.kind === 'local' && (await stat(source)).isDirectory())
    await mkdir(location.path, { recursive: true })
  return uploadTo(store, source, path, signal)
}
