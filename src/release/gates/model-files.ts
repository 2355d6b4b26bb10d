import { readFile } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { blobsAt } from '../../data/facts/integrity.ts'
import { resolve } from '../../data/resolve.ts'
import { openLocally } from '../../data/transfer.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { ReleasedModel } from './gate.ts'

/** A file of a model. */
export interface ModelFile {
  /** Below the model's folder; its name, where the model is one file. */
  readonly path: string
  readonly bytes: number
  read(): Promise<Buffer>
}

/** More than this no descriptive file of a model has: it is not read into memory. */
const largestText = 16 * 2 ** 20

/**
 * Calls `use` with every file of a model version, in the order of their paths, and cleans up. Nothing of them is loaded.
 * Throws notFound if the version has no files, corrupt if a registry's are not those that were published.
 */
export async function withModelFiles<T>(
  platform: Platform,
  model: Pick<ReleasedModel, 'id'>,
  use: (files: readonly ModelFile[]) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { location } = await resolve(platform, scopeId(model.id) ?? '', model.id, { assetType: 'models' })
  if (location.kind === 'blob' && location.published === undefined) {
    const { kind, blobs } = await blobsAt(platform, location)
    if (blobs.length > 0)
      return use(
        blobs.map((blob) => ({
          path: kind === 'file' ? nameIn(blob.path) : blob.below,
          bytes: blob.size,
          read: async () => buffer(await platform.artifacts.read(blob)),
        })),
      )
  }
  const opened = await openLocally(platform, location, signal)
  try {
    return await use(
      opened.files.map(({ path, bytes }) => ({
        path: opened.kind === 'file' ? nameIn(path) : relative(opened.path, path).split(sep).join('/'),
        bytes,
        read: () => readFile(path),
      })),
    )
  } finally {
    await opened.release()
  }
}

/** The text of one of a model's files; undefined if it has none of that name. */
export async function modelText(files: readonly ModelFile[], path: string): Promise<string | undefined> {
  const file = files.find((one) => one.path === path)
  return file === undefined || file.bytes > largestText ? undefined : (await file.read()).toString('utf8')
}

const nameIn = (path: string) => path.split('/').at(-1) ?? path
