import { constants, createWriteStream } from 'node:fs'
import { chmod, copyFile, link, mkdir, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { UnsafeName, type BlobIndex, type BlobInfo, type BlobName, type ByteStore } from './artifacts.ts'
import { isWithin, justAfter } from './names.ts'

const page = 1000

/** See `Artifacts.checkout`. */
export async function checkout(
  { bytes, index }: { readonly bytes: ByteStore; readonly index: BlobIndex },
  name: BlobName,
  folder: string,
): Promise<{ files: number; bytes: number }> {
  await mkdir(folder, { recursive: true })
  const root = await realpath(folder)
  const place = placer(root)
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

/** Puts single files below `root` and nowhere else, whatever links are in there already. */
function placer(root: string) {
  const safe = new Set<string>([root])
  return async (blob: BlobInfo, path: string, bytes: ByteStore) => {
    const target = resolve(root, ...path.split('/').filter((segment) => segment !== ''))
    if (target === root || !isWithin(root, target))
      throw new UnsafeName(`${blob.path} would be laid out outside its folder.`)
    const parent = dirname(target)
    try {
      if (!safe.has(parent)) {
        await mkdir(parent, { recursive: true })
        if (!isWithin(root, await realpath(parent)))
          throw new UnsafeName(`A link in the folder leads ${blob.path} outside it.`)
        safe.add(parent)
      }
      await layOut(blob, target, bytes)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST')
        throw new UnsafeName(`${blob.path} is the name of a file and of a folder, or is there already.`, {
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

async function layOut(blob: BlobInfo, target: string, bytes: ByteStore): Promise<void> {
  const file = await bytes.localFile(blob.digest)
  if (file === undefined) {
    await pipeline(await bytes.read(blob.digest), createWriteStream(target, { flags: 'wx', mode: 0o444 }))
    return
  }
  if (mayLink) {
    const linked = await link(file, target).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error
        return false
      },
    )
    if (linked) return
  }
  await copyFile(file, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  await chmod(target, 0o444)
}
