import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UnsafeName, type BlobName, type ByteStore } from './artifacts.ts'
import { checkName, isWithin } from './names.ts'

/** Files written at the same time: their flushes to the disk are then shared. */
const atOnce = 8

/** Writes the bytes of every file below `folder`; the names are the caller's to set, all at once. */
export async function storeFolder(bytes: ByteStore, folder: string, name: BlobName) {
  const root = await realpath(folder)
  const found = (await Array.fromAsync(walk(root, root, []))).sort(byPath)
  const named = found.map(({ path, real }) => {
    const blob = {
      container: name.container,
      path: [name.path, path].filter((part) => part !== '').join('/'),
    }
    checkName(blob)
    return { name: blob, path, real }
  })
  const files: { name: BlobName; written: Awaited<ReturnType<ByteStore['write']>> }[] = []
  const digest = createHash('sha256')
  for (let start = 0; start < named.length; start += atOnce) {
    const batch = named.slice(start, start + atOnce)
    const written = await Promise.all(
      batch.map(async (file) => ({ ...file, written: await bytes.write(readRegular(file.real)) })),
    )
    for (const { name, path, written: w } of written) {
      digest.update(`${path}\0${w.digest}\n`)
      files.push({ name, written: w })
    }
  }
  return { files, digest: digest.digest('hex') }
}

const byPath = (a: { path: string }, b: { path: string }) =>
  Buffer.compare(Buffer.from(a.path), Buffer.from(b.path))

/** Every regular file at or below `at`, links followed but never out of `root` nor round in a circle. */
export async function* walk(
  root: string,
  at: string,
  above: readonly string[],
  shown = '',
): AsyncGenerator<{ path: string; real: string }> {
  const real = await realpath(at)
  if (!isWithin(root, real)) throw new UnsafeName(`${shown} is a link that leads outside the folder.`)
  const kind = await stat(real)
  if (kind.isFile()) yield { path: shown, real }
  if (!kind.isDirectory()) return
  if (above.includes(real)) throw new UnsafeName(`${shown} is a link that leads in a circle.`)
  for (const entry of await readdir(real))
    yield* walk(root, join(real, entry), [...above, real], shown === '' ? entry : `${shown}/${entry}`)
}

/** Opens without following a link, in case the file was exchanged for one since it was looked at. */
export async function* readRegular(path: string) {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  yield* handle.createReadStream({ highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>
}
