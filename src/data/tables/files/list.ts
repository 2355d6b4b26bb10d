import { basename, extname, relative, sep } from 'node:path'
import { errors } from '../../../kernel/errors.ts'
import type { DataFile } from './data-file.ts'

/** The data files at a path, and what of a folder is none. */
export interface Listed {
  readonly files: readonly DataFile[]
  readonly notes: readonly string[]
}

/** What a path has: one file, or the files below a folder, each by its absolute path. */
export interface LocalData {
  readonly path: string
  readonly kind: 'file' | 'folder'
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
}

/**
 * The files of a table at a local path that the user calls `shown`: the file itself, or every file below the folder.
 * What other programs leave in folders of data (hidden files, `_SUCCESS`, READMEs, licences) and files of zero bytes
 * among others are left out, each with a note. Throws badRequest where there is no file of data.
 */
export function dataFiles(data: LocalData, shown: string): Listed {
  const [only] = data.files
  if (data.kind === 'file' && only !== undefined) {
    if (only.bytes === 0) throw errors.badRequest(`'${shown}' is empty: it has neither header nor rows.`)
    return { files: [{ ...only, shown }], notes: [] }
  }
  const all = shownFiles(data)
  const filled = all.filter((file) => file.bytes > 0 && whyNoData(file.shown) === undefined)
  if (filled.length === 0)
    throw errors.badRequest(
      all.length === 0
        ? `The folder '${shown}' is empty: expected files of CSV, JSON Lines or Parquet.`
        : `The folder '${shown}' has no file of data: ${enumerate(all.map((file) => `${file.shown} is ${whyNoData(file.shown) ?? 'empty'}`))}.`,
    )
  const left = all.filter((file) => !filled.includes(file))
  const notes =
    left.length === 0
      ? []
      : [`left out: ${enumerate(left.map((f) => `${f.shown} (${whyNoData(f.shown) ?? 'empty'})`))}`]
  return { files: filled, notes }
}

/** The files of a folder by their paths below it, in the order of these. */
export const shownFiles = ({ path: root, files }: LocalData): readonly DataFile[] =>
  files.map(({ path, bytes }) => ({ path, bytes, shown: relative(root, path).replaceAll(sep, '/') }))

/** Why a file in a folder of data is none itself; undefined for data. */
export function whyNoData(path: string): string | undefined {
  if (path.split('/').some((segment) => segment.startsWith('.'))) return 'hidden'
  const name = basename(path)
  // Spark and Delta mark with an underscore what is theirs and not the table's.
  if (path.split('/').some((segment) => segment.startsWith('_') && !segment.includes('='))) return 'a marker'
  if (name === 'MLTable') return 'a description'
  const documentation = /^(?:readme|licen[cs]e|changelog|notice)$/i.test(basename(name, extname(name)))
  return documentation && /^(?:\.md|\.txt|\.rst|)$/i.test(extname(name)) ? 'documentation' : undefined
}

/** `a, b, c and 12 more`. */
export function enumerate(names: readonly string[], most = 3): string {
  const rest = names.length - most
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest} more` : names.join(', ')
}
