import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { cp, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { errors } from '../kernel/errors.ts'
import type { Platform } from '../kernel/platform.ts'
import type { Location } from './resolve.ts'

/** What is at a location; undefined if nothing is. A URL is taken for a file: asking costs a request. */
export async function kindAt(platform: Platform, location: Location): Promise<'file' | 'folder' | undefined> {
  if (location.kind === 'url') return 'file'
  if (location.kind === 'local') {
    const found = await stat(location.path).catch(() => undefined)
    return found && (found.isDirectory() ? 'folder' : 'file')
  }
  const { container, path } = location
  if (path !== '' && (await platform.artifacts.head({ container, path })) !== undefined) return 'file'
  const below = await platform.artifacts.list(container, path === '' ? '' : `${path}/`, { limit: 1 })
  return below.blobs.length > 0 ? 'folder' : undefined
}

/**
 * Makes what is at a location readable as a local path, and returns that path: of the file, or of the folder. Blobs
 * are laid out below `folder`, read-only; a URL is downloaded there; a local datastore is used where it is. Throws
 * notFound if nothing is there.
 */
export async function fetchTo(
  platform: Platform,
  location: Location,
  folder: string,
  signal?: AbortSignal,
): Promise<{ readonly path: string; readonly files: number; readonly bytes: number }> {
  if (location.kind === 'url') return download(location.url, folder, signal)
  const kind = await kindAt(platform, location)
  const at = location.kind === 'local' ? location.path : `${location.container}/${location.path}`
  if (kind === undefined) throw errors.notFound(`Nothing is at '${at}'.`)
  if (location.kind === 'local') return { path: location.path, files: 0, bytes: 0 }
  const laidOut = await platform.artifacts.checkout(location, folder)
  return { ...laidOut, path: kind === 'file' ? join(folder, basename(location.path)) : folder }
}

/** Data that can be read as local files until it is released. */
export interface OpenedData {
  /** Of the file, or of the folder that `files` lie below. */
  readonly path: string
  readonly kind: 'file' | 'folder'
  /** Every regular file, by its absolute path, in the byte order of their paths. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
  /** To be called once when it has been read; what was laid out for this reading alone is removed. Never throws. */
  release(): Promise<void>
}

/**
 * Makes what is at a location readable as a local path, whatever kind of store it is in; for reading only. Throws
 * notFound if nothing is there, and the signal's reason once that is aborted.
 */
export async function openLocally(
  platform: Platform,
  location: Location,
  signal?: AbortSignal,
): Promise<OpenedData> {
  const folder = join(platform.config.home, 'cache', 'open', randomUUID())
  const release = () => rm(folder, { recursive: true, force: true }).catch(() => undefined)
  try {
    await mkdir(folder, { recursive: true })
    const { path } = await fetchTo(platform, location, folder, signal)
    signal?.throwIfAborted()
    const found = await stat(path).catch(() => undefined)
    if (found === undefined) throw errors.notFound(`Nothing is at '${path}'.`)
    if (!found.isDirectory()) return { path, kind: 'file', files: [{ path, bytes: found.size }], release }
    return { path, kind: 'folder', files: await filesBelow(path), release }
  } catch (error) {
    await release()
    throw error
  }
}

async function filesBelow(folder: string) {
  const files: { path: string; bytes: number }[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile() === true) files.push({ path, bytes: found.size })
  }
  return files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
}

/** Stores a local file or folder at a location. Throws badRequest where nothing can be written. */
export async function storeAt(
  platform: Platform,
  source: string,
  location: Location,
): Promise<{ readonly files: number; readonly bytes: number }> {
  if (location.kind === 'url') throw errors.badRequest(`Nothing can be written to '${location.url}'.`)
  if (location.kind === 'blob') return platform.artifacts.storeFolder(source, location)
  await cp(source, location.path, { recursive: true, dereference: false })
  return { files: 0, bytes: 0 }
}

async function download(url: string, folder: string, signal?: AbortSignal) {
  let bytes = 0
  try {
    const segment = new URL(url).pathname.split('/').findLast((s) => s !== '') ?? 'download'
    const path = join(folder, basename(decodeURIComponent(segment)))
    const response = await fetch(url, signal === undefined ? {} : { signal })
    if (!response.ok || response.body === null)
      throw new Error(`it answers ${response.status} ${response.statusText}`)
    await mkdir(folder, { recursive: true })
    const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.byteLength
        yield chunk
      }
    }
    await pipeline(Readable.fromWeb(response.body as never), counted, createWriteStream(path))
    return { path, files: 1, bytes }
  } catch (error) {
    const { message, cause } = error as Error
    throw errors.badRequest(`'${url}' cannot be read: ${cause instanceof Error ? cause.message : message}.`, {
      cause: error,
    })
  }
}
