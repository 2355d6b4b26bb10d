import { symlink, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Session } from '../../../analytics/analytics.ts'
import { errors } from '../../../kernel/errors.ts'
import type { DataFile } from '../files/data-file.ts'
import { prepare, safePath, type Preparation, type PreparedFile } from '../files/prepare.ts'
import type { TableSource } from '../tables.ts'
import { readCsv } from './csv.ts'
import { readJson } from './json.ts'
import { readParquet } from './parquet.ts'
import type { ReadOptions, Relation } from './relation.ts'

/**
 * Files, or the files of a folder, as the source of one table: all of one format. Folders such as `year=2013` become
 * columns. Throws badRequest, naming the file, where one is no table, is broken, or is of another format than the
 * first.
 */
export async function filesSource(
  files: readonly DataFile[],
  preparation: Preparation,
  notes: readonly string[],
): Promise<TableSource> {
  const isPartitioned = checkPartitions(files)
  const prepared = await prepareAll(files, preparation)
  const format = formatOf(prepared)
  return {
    format,
    files,
    notes: [...notes, ...prepared.flatMap((file) => file.notes)],
    readable: prepared,
    reads: prepared.map(({ path }) => path),
    relation: (session) => readers[format](session, prepared, { isPartitioned }),
  }
}

/** Every file as SQL can read it, one after another: unpacking two at once would only make both slower. */
export async function prepareAll(
  files: readonly DataFile[],
  preparation: Preparation,
): Promise<readonly PreparedFile[]> {
  const prepared: PreparedFile[] = []
  for (const file of files)
    prepared.push(await reachable(await prepare(file, preparation), preparation.folder))
  return prepared
}

type Reader = (session: Session, files: readonly PreparedFile[], options: ReadOptions) => Promise<Relation>

const readers: Readonly<Record<'parquet' | 'csv' | 'json', Reader>> = {
  parquet: readParquet,
  csv: readCsv,
  json: readJson,
}

/** The one format of all files. Throws badRequest naming the first that is of another. */
export function formatOf(files: readonly PreparedFile[]): 'parquet' | 'csv' | 'json' {
  const of = ({ content }: PreparedFile) =>
    content === 'parquet' || content === 'csv' ? content : ('json' as const)
  const [first] = files
  const format = first === undefined ? 'csv' : of(first)
  const other = files.find((file) => of(file) !== format)
  if (other === undefined) return format
  throw errors.badRequest(
    `'${other.shown}' is ${of(other)} and '${first?.shown}' is ${format}: the files of one table are of one format. Name the file, or keep to some with the pattern of an MLTable.`,
  )
}

/** DuckDB takes these in a path for a pattern. */
const patterned = /[*?[\]{}\\]/

/** The file under a path that DuckDB takes as it stands, and where only the table's own folders are partitions. */
async function reachable(file: PreparedFile, folder: string): Promise<PreparedFile> {
  const root = file.path.slice(0, file.path.length - file.shown.length)
  if (!patterned.test(file.path) && !root.includes('=')) return file
  const path = join(folder, 'linked', safePath(file.shown))
  await mkdir(dirname(path), { recursive: true })
  await symlink(file.path, path)
  return { ...file, path }
}

/**
 * Whether the folders of the files are partitions (`year=2013/month=1/…`). Throws badRequest where some files are in
 * partitions and others are not, or in others.
 */
export function checkPartitions(files: readonly DataFile[]): boolean {
  const keys = ({ shown }: DataFile) =>
    shown
      .split('/')
      .slice(0, -1)
      .flatMap((segment) => /^([^=]+)=[^=]*$/.exec(segment)?.[1] ?? [])
  const [first] = files
  const expected = first === undefined ? [] : keys(first)
  const other = files.find((file) => keys(file).join('/') !== expected.join('/'))
  if (other === undefined) return expected.length > 0
  const said = (names: readonly string[]) => (names.length === 0 ? 'no partition' : names.join('/'))
  throw errors.badRequest(
    `'${other.shown}' is partitioned by ${said(keys(other))} and '${first?.shown}' by ${said(expected)}: expected the same folders for all files.`,
  )
}
