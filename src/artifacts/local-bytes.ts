import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobMissing, type Body, type ByteStore } from './artifacts.ts'

/** Bytes of one read; a reader that says where it ends gets no larger buffer than it needs. */
const readAtOnce = 256 * 1024

const isDigest = /^[0-9a-f]{64}$/

/**
 * Bytes in a local folder: `objects/ab/cdef…` by SHA-256, read-only, and `incoming/` for what is being written. A file
 * under `objects/` is always whole: it is written beside, flushed to the disk, and then renamed.
 */
export async function openLocalBytes(
  root: string,
  options: { readonly clock?: () => Date } = {},
): Promise<ByteStore> {
  const { clock = () => new Date() } = options
  const objects = join(root, 'objects')
  const incoming = join(root, 'incoming')
  await mkdir(objects, { recursive: true, mode: 0o700 })
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  const shards = new Set<string>()

  const pathOf = (digest: string) => {
    if (!isDigest.test(digest)) throw new BlobMissing(`${JSON.stringify(digest)} is not a SHA-256 digest.`)
    return join(objects, digest.slice(0, 2), digest.slice(2))
  }

  const makeShard = async (digest: string) => {
    const shard = digest.slice(0, 2)
    if (shards.has(shard)) return
    await mkdir(join(objects, shard), { recursive: true, mode: 0o700 })
    await syncFolder(objects)
    shards.add(shard)
  }

  return {
    async write(body) {
      const temporary = join(incoming, randomUUID())
      const file = await open(temporary, 'wx', 0o444)
      try {
        const written = await pour(body, file)
        // The age that `sweep` goes by starts when the bytes were given, again if they were here already.
        const now = clock()
        await file.utimes(now, now)
        await file.sync()
        await makeShard(written.digest)
        await rename(temporary, pathOf(written.digest))
        await syncFolder(join(objects, written.digest.slice(0, 2)))
        return written
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      } finally {
        await file.close()
      }
    },

    async read(digest, range) {
      const file = await open(pathOf(digest)).catch((error: unknown) => {
        throw isMissing(error)
          ? new BlobMissing(`There are no bytes ${digest} here.`, { cause: error })
          : error
      })
      const { start = 0, end } = range ?? {}
      return file.createReadStream({
        start,
        ...(end === undefined ? {} : { end }),
        highWaterMark: Math.min(readAtOnce, (end ?? Infinity) - start + 1),
      })
    },

    has: (digest) => exists(pathOf(digest)),

    async localFile(digest) {
      const path = pathOf(digest)
      return (await exists(path)) ? path : undefined
    },

    async remove(digest, unlessSince) {
      // Taken aside first and looked at there, so that bytes written again meanwhile are put back and never lost.
      const aside = join(incoming, randomUUID())
      const path = pathOf(digest)
      try {
        await rename(path, aside)
      } catch (error) {
        if (isMissing(error)) return false
        throw error
      }
      const { mtime } = await stat(aside)
      const keep = mtime >= unlessSince
      if (keep) await link(aside, path).catch(ignoreExisting)
      await rm(aside, { force: true })
      return !keep
    },

    async *all() {
      for (const shard of await readdir(objects)) {
        for (const rest of await readdir(join(objects, shard))) {
          const found = await stat(join(objects, shard, rest)).catch(ignoreMissing)
          if (found !== undefined) yield { digest: shard + rest, size: found.size, modifiedAt: found.mtime }
        }
      }
    },

    async forgetBroken(before) {
      for (const name of await readdir(incoming)) {
        const path = join(incoming, name)
        const found = await stat(path).catch(ignoreMissing)
        if (found !== undefined && found.mtime < before) await rm(path, { force: true })
      }
    },
  }
}

/** Writes the body to the file chunk by chunk, never holding more than one, and digests it on the way. */
async function pour(body: Body, file: FileHandle) {
  const sha256 = createHash('sha256')
  const md5 = createHash('md5')
  let size = 0
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    sha256.update(chunk)
    md5.update(chunk)
    size += chunk.byteLength
    await file.appendFile(chunk)
  }
  return { digest: sha256.digest('hex'), md5: md5.digest('base64'), size }
}

/** A rename is on the disk for good only when its folder is. */
async function syncFolder(folder: string) {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)
const isMissing = (error: unknown) => codeOf(error) === 'ENOENT'

const ignoreMissing = (error: unknown) => {
  if (!isMissing(error)) throw error
  return undefined
}

const ignoreExisting = (error: unknown) => {
  if (codeOf(error) !== 'EEXIST') throw error
}

const exists = async (path: string) => (await stat(path).catch(ignoreMissing)) !== undefined
