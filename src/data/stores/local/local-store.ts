import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { localPath } from '../../datastores/local-folder.ts'
import { FileChanged, FileExists, FileMissing } from '../file-store.ts'
import type { FileInfo, FileStore } from '../file-store.ts'

/** Files that are being written; nobody lists them, and a killed server leaves some behind. */
const unfinished = /(?:^|\/)\.twinloop-[\w-]+\.part$/

/**
 * The files of a folder of this machine. Its roots are checked at each use, so that a folder that the administrator
 * has closed again is closed. A file appears whole, by its rename.
 */
export function localStore(options: {
  readonly name: string
  /** Absolute path of the folder. */
  readonly folder: string
  /** Folders that are open to datastores. */
  readonly roots: readonly string[]
}): FileStore & { readonly pathOf: (path: string) => Promise<string> } {
  const { name, folder, roots } = options
  const pathOf = (path: string) => localPath(folder, path, roots)

  const infoAt = async (path: string, real: string): Promise<FileInfo | undefined> => {
    const found = await stat(real).catch(() => undefined)
    return found?.isFile() === true
      ? {
          path,
          size: found.size,
          etag: `${found.ino}-${found.mtimeMs}-${found.size}`,
          modifiedAt: found.mtime,
        }
      : undefined
  }

  return {
    name,
    identity: `file://${folder}`,
    pathOf,
    head: async (path) => infoAt(path, await pathOf(path)),

    async read(path, { range, ifMatch, signal } = {}) {
      const real = await pathOf(path)
      const found = await infoAt(path, real)
      if (found === undefined) throw new FileMissing(`There is no file ${path} in ${name}.`)
      if (ifMatch !== undefined && found.etag !== ifMatch)
        throw new FileChanged(`${path} in ${name} has changed.`)
      return createReadStream(real, {
        ...(range === undefined ? {} : { start: range.start }),
        ...(range?.end === undefined ? {} : { end: range.end }),
        ...(signal === undefined ? {} : { signal }),
      })
    },

    async list(prefix, { after, limit = 5000, signal } = {}) {
      // Only the folder in which the prefix ends is walked.
      const start = prefix.slice(0, prefix.lastIndexOf('/') + 1).replace(/\/$/, '')
      const files: FileInfo[] = []
      for await (const path of walk(await pathOf(start), start, { prefix, after })) {
        signal?.throwIfAborted()
        const last = files.at(-1)
        if (files.length === limit && last !== undefined) return { files, next: last.path }
        const found = await infoAt(path, join(await pathOf(''), path))
        if (found !== undefined) files.push(found)
      }
      return { files }
    },

    async write(path, body, { ifNoneMatch, signal } = {}) {
      const real = await pathOf(path)
      const part = join(dirname(real), `.twinloop-${randomUUID()}.part`)
      await mkdir(dirname(real), { recursive: true })
      try {
        await pipeline(body, createWriteStream(part, { flags: 'wx' }), signal === undefined ? {} : { signal })
        await flush(part)
        if (ifNoneMatch === undefined) await rename(part, real)
        else
          await link(part, real).catch((error: NodeJS.ErrnoException) => {
            throw error.code === 'EEXIST' ? new FileExists(`${path} is in ${name} already.`) : error
          })
      } finally {
        await rm(part, { force: true })
      }
      const written = await infoAt(path, real)
      if (written === undefined) throw new FileMissing(`${path} in ${name} has gone again.`)
      return written
    },

    async remove(path) {
      const real = await pathOf(path)
      if ((await infoAt(path, real)) === undefined) return false
      await rm(real, { force: true })
      return true
    },
  }
}

/** Paths of what is no folder below `at`, in the byte order of whole paths: a folder sorts as its name with a slash. */
async function* walk(
  real: string,
  at: string,
  want: { readonly prefix: string; readonly after: string | undefined },
): AsyncGenerator<string> {
  const entries = await readdir(real, { withFileTypes: true }).catch(() => [])
  const below = entries.map((entry) => ({
    path: `${at === '' ? '' : `${at}/`}${entry.name}${entry.isDirectory() ? '/' : ''}`,
    real: join(real, entry.name),
  }))
  below.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
  for (const entry of below) {
    const isFolder = entry.path.endsWith('/')
    const { prefix, after } = want
    if (isFolder ? !related(entry.path, prefix) : !entry.path.startsWith(prefix)) continue
    if (isFolder) {
      if (after === undefined || after.startsWith(entry.path) || isAfter(entry.path, after))
        yield* walk(entry.real, entry.path.slice(0, -1), want)
    } else if (!unfinished.test(entry.path) && (after === undefined || isAfter(entry.path, after)))
      yield entry.path
  }
}

const related = (folder: string, prefix: string) => folder.startsWith(prefix) || prefix.startsWith(folder)
const isAfter = (path: string, after: string) => Buffer.compare(Buffer.from(path), Buffer.from(after)) > 0

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
