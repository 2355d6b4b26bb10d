import { createHash } from 'node:crypto'
import { hashOfFolder } from '../../../data/facts/integrity.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { ReleasedModel } from '../gate.ts'
import { withModelFiles } from '../model-files.ts'

/** A file of a model with the SHA-256 of the bytes that were read just now. */
export interface Listed {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

export interface Manifest {
  readonly files: readonly Listed[]
  /** Of the lines `{path}\0{hash}\n` of all files in the order of their paths. */
  readonly sha256: string
}

/** Reads every byte of a model and tells what it consists of. Throws corrupt for a registry's that are others. */
export async function manifestOf(
  platform: Platform,
  model: Pick<ReleasedModel, 'id'>,
  signal: AbortSignal,
): Promise<Manifest> {
  return withModelFiles(
    platform,
    model,
    async (files) => {
      const listed: Listed[] = []
      for (const file of files) {
        signal.throwIfAborted()
        const sha256 = createHash('sha256')
          .update(await file.read())
          .digest('hex')
        listed.push({ path: file.path, bytes: file.bytes, sha256 })
      }
      return { files: listed, sha256: hashOfFolder(listed.map(({ path, sha256 }) => [path, sha256])) }
    },
    signal,
  )
}

/** Files of a model that run when it is loaded, and that no scan of pickles says anything about. */
export const codeIn = ({ files }: Manifest): readonly string[] =>
  files.map(({ path }) => path).filter((path) => /\.(?:py|so|dll|dylib|pyd|jar|whl|sh)$/i.test(path))
