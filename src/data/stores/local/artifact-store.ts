import { Readable } from 'node:stream'
import { BlobExists, BlobMissing } from '../../../artifacts/artifacts.ts'
import type { Artifacts, BlobInfo } from '../../../artifacts/artifacts.ts'
import { stopping } from '../stopping.ts'
import { FileChanged, FileExists, FileMissing } from '../file-store.ts'
import type { FileInfo, FileStore } from '../file-store.ts'

/** A container of our own as the files that it shows. Its etags are those of the contents. */
export function artifactStore(artifacts: Artifacts, container: string): FileStore {
  const infoOf = ({ path, size, digest, modifiedAt }: BlobInfo): FileInfo => ({
    path,
    size,
    etag: digest,
    modifiedAt,
  })
  const name = `container '${container}'`

  return {
    name,
    identity: `artifacts:${container}`,
    async head(path) {
      const blob = await artifacts.head({ container, path })
      return blob && infoOf(blob)
    },
    async read(path, { range, ifMatch, signal } = {}) {
      signal?.throwIfAborted()
      if (ifMatch !== undefined && (await artifacts.head({ container, path }))?.digest !== ifMatch)
        throw new FileChanged(`${path} in ${name} has changed.`)
      const stream = await artifacts.read({ container, path }, range).catch((error: unknown) => {
        throw error instanceof BlobMissing ? new FileMissing(error.message, { cause: error }) : error
      })
      return signal === undefined ? stream : stopping(stream, signal)
    },
    async list(prefix, { after, limit } = {}) {
      const page = await artifacts.list(container, prefix, {
        ...(after === undefined ? {} : { after }),
        ...(limit === undefined ? {} : { limit }),
      })
      // Some clients mark an empty folder with an empty blob whose name ends in a slash.
      const files = page.blobs.filter(({ path }) => !path.endsWith('/')).map(infoOf)
      return page.next === undefined ? { files } : { files, next: page.next }
    },
    async write(path, body, { ifNoneMatch, signal } = {}) {
      const whole = signal === undefined ? body : stopping(Readable.from(body), signal)
      return infoOf(
        await artifacts
          .put({ container, path }, whole, ifNoneMatch === undefined ? {} : { ifNoneMatch })
          .catch((error: unknown) => {
            throw error instanceof BlobExists ? new FileExists(error.message, { cause: error }) : error
          }),
      )
    },
    remove: (path) => artifacts.remove({ container, path }),
  }
}
