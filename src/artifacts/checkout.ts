import { constants, createWriteStream } from 'node:fs'
import { chmod, copyFile, link, mkdir, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import {
  UnsafeName,
  type BlobIndex,
  type BlobInfo,
  type BlobName,
  type ByteStore,
  type CheckoutOptions,
} from './artifacts.ts'
import { isWithin, justAfter } from './names.ts'

const page = 1000

/** See `Artifacts.checkout`. */
export async function checkout(
  { bytes, index }: { readonly bytes: ByteStore; readonly index: BlobIndex },
  name: BlobName,
  folder: string,
  by: CheckoutOptions = {},
): Promise<{ files: number; bytes: number }> {
  const placeFile = await createPlacer(folder)
  const place = (blob: BlobInfo, path: string, bytes: ByteStore) =>
    placeFile(path, (target) => layOut(blob, target, bytes, by), blob.path)
  const exact = name.path === '' ? undefined : await index.find(name)
  if (exact !== undefined) {
    await place(exact, exact.path.slice(exact.path.lastIndexOf('/') + 1), bytes)
    return { files: 1, bytes: exact.size }
  }
  const prefix = name.path === '' || name.path.endsWith('/') ? name.path : `${name.path}/`
  let files = 0
  let size = 0
  let from = ''
  for (;;) {
    const found = await index.list(name.container, prefix, from, page)
    for (const blob of found) {
      const path = blob.path.slice(prefix.length)
      // Some clients mark an empty folder with an empty blob whose name ends in a slash.
      if (path === '' || path.endsWith('/')) continue
      await place(blob, path, bytes)
      files += 1
      size += blob.size
    }
    const last = found.at(-1)
    if (last === undefined || found.length < page) return { files, bytes: size }
    from = justAfter(last.path)
  }
}

/**
 * Puts single files below a folder (which is made) and nowhere else, whatever links are in there already. `put` is given
 * the absolute path to write; `shown` is what messages call the file. Throws `UnsafeName` for a path that leads out of
 * the folder, or that is taken, by a file or by a folder.
 */
export async function createPlacer(folder: string) {
  await mkdir(folder, { recursive: true })
  const root = await realpath(folder)
  const safe = new Set<string>([root])
  return async (path: string, put: (target: string) => Promise<void>, shown = path): Promise<string> => {
    const target = resolve(root, ...path.split('/').filter((segment) => segment !== ''))
    if (target === root || !isWithin(root, target))
      throw new UnsafeName(`${shown} would be laid out outside its folder.`)
    const parent = dirname(target)
    try {
      if (!safe.has(parent)) {
        await mkdir(parent, { recursive: true })
        if (!isWithin(root, await realpath(parent)))
          throw new UnsafeName(`A link in the folder leads ${shown} outside it.`)
        safe.add(parent)
      }
      await put(target)
      return target
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST')
        throw new UnsafeName(`${shown} is the name of a file and of a folder, or is there already.`, {
          cause: error,
        })
      throw error
    }
  }
}

/**
 * A hard link costs nothing and shows a read-only file; but the superuser may write read-only files, and would change
 * the stored bytes themselves: for it the file is a clone, or a copy.
 */
const mayLink = process.getuid?.() !== 0

async function layOut(blob: BlobInfo, target: string, bytes: ByteStore, by: CheckoutOptions): Promise<void> {
  const file = await bytes.localFile(blob.digest)
  if (file !== undefined) return layOutFile(file, target, by)
  await pipeline(await bytes.read(blob.digest), createWriteStream(target, { flags: 'wx', mode: 0o444 }))
}

/**
 * Shows a file that nobody may change at another path: by a hard link where that is safe, else by a clone or a copy. The
 * target must not exist.
 */
export async function layOutFile(
  file: string,
  target: string,
  { onlyRead = false }: CheckoutOptions = {},
): Promise<void> {
  if (onlyRead || mayLink) {
    const linked = await link(file, target).then(
      () => true,
      (error: unknown) => {
        const code = error instanceof Error && 'code' in error ? error.code : undefined
        if (code === 'EEXIST' || code === 'ENOENT') throw error
        return false
      },
    )
    if (linked) return
  }
  await copyFile(file, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  await chmod(target, 0o444)
}
