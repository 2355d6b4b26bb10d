import { createReadStream } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { resolve, type Location } from '../resolve.ts'

/** A folder of a datastore into which files are put. */
export interface Place {
  readonly location: Location
  /** Stores a local file under a name: the whole of it or nothing, in place of what was there. */
  put(name: string, file: string): Promise<void>
  /** Names of the files there, in no order, as paths below it. */
  names(): Promise<readonly string[]>
  remove(name: string): Promise<void>
}

/** The folder that a reference leads to, in the workspace. Throws badRequest where nothing can be written. */
export async function openPlace(platform: Platform, scope: string, uri: string): Promise<Place> {
  const { location } = await resolve(platform, scope, uri)
  switch (location.kind) {
    case 'blob':
      return inContainer(platform, location)
    case 'local':
      return inFolder(location)
    case 'url':
      throw errors.badRequest(
        `Nothing can be written to '${uri}': expected a path in a datastore, azureml://datastores/{name}/paths/{path}.`,
      )
  }
}

function inContainer({ artifacts }: Platform, location: Extract<Location, { kind: 'blob' }>): Place {
  const { container, path } = location
  const prefix = path === '' ? '' : `${path}/`
  return {
    location,
    async put(name, file) {
      await artifacts.put({ container, path: prefix + name }, createReadStream(file))
    },
    async names() {
      const names: string[] = []
      for (let after: string | undefined; ;) {
        const page = await artifacts.list(container, prefix, after === undefined ? {} : { after })
        names.push(...page.blobs.map((blob) => blob.path.slice(prefix.length)))
        if (page.next === undefined) return names
        after = page.next
      }
    },
    async remove(name) {
      await artifacts.remove({ container, path: prefix + name })
    },
  }
}

function inFolder(location: Extract<Location, { kind: 'local' }>): Place {
  const root = location.path
  return {
    location,
    async put(name, file) {
      const path = join(root, name)
      await mkdir(dirname(path), { recursive: true })
      const beside = `${path}.partial`
      await copyFile(file, beside)
      await rename(beside, path)
    },
    async names() {
      const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return []
          throw error
        },
      )
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    },
    remove: (name) => rm(join(root, name), { force: true }),
  }
}
