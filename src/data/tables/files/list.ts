import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { errors } from '../../../kernel/errors.ts'
import type { DataFile } from './data-file.ts'

/** The data files at a path, and what of a folder is none. */
export interface Listed {
  readonly files: readonly DataFile[]
  readonly notes: readonly string[]
}

/**
 * The files of a table at a local path: the file itself, or every file below the folder in the order of their paths.
 * What other programs leave in folders of data (hidden files, `_SUCCESS`, READMEs, licences) and files of zero bytes
 * among others are left out, each with a note. Throws badRequest where there is no file of data.
 */
export async function listDataFiles(path: string, shown = basename(path)): Promise<Listed> {
  const found = await stat(path)
  if (!found.isDirectory()) {
    if (found.size === 0) throw errors.badRequest(`'${shown}' is empty: it has neither header nor rows.`)
    return { files: [{ path, shown, bytes: found.size }], notes: [] }
  }
  const all = await walk(path)
  const data = all.filter((file) => whyNoData(file.shown) === undefined)
  const filled = data.filter((file) => file.bytes > 0)
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

async function walk(root: string, below = ''): Promise<readonly DataFile[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  const files: DataFile[] = []
  for (const entry of entries) {
    const shown = below === '' ? entry.name : `${below}/${entry.name}`
    const path = join(root, shown)
    if (entry.isDirectory()) files.push(...(await walk(root, shown)))
    // A link may lead out of the folder, and what lies there is not the table's.
    else if (entry.isFile()) files.push({ path, shown, bytes: (await stat(path)).size })
  }
  return files
}

/** `a, b, c and 12 more`. */
export function enumerate(names: readonly string[], most = 3): string {
  const rest = names.length - most
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest} more` : names.join(', ')
}
