import { readFile } from 'node:fs/promises'
import { identifier, literal, type Session } from '../../../analytics/analytics.ts'
import { errors } from '../../../kernel/errors.ts'
import type { DataFile } from '../files/data-file.ts'
import { dropInvalidLines } from '../files/json-lines.ts'
import { dataFiles, shownFiles, whyNoData, type LocalData } from '../files/list.ts'
import type { Preparation, PreparedFile } from '../files/prepare.ts'
import { readCsv } from '../reading/csv.ts'
import { formatOf, prepareAll } from '../reading/files-source.ts'
import { readJson } from '../reading/json.ts'
import { readParquet } from '../reading/parquet.ts'
import type { Relation } from '../reading/relation.ts'
import type { TableSource } from '../tables.ts'
import { applySteps, at, fileColumn } from './compile.ts'
import { globPattern, splitPattern } from './glob.ts'
import { parseMltable } from './parse.ts'
import type { Program, Step, TablePath, TableReader } from './program.ts'

const mostDescriptionBytes = 2 ** 20

/** What an MLTable needs beside its own folder. */
export interface TableOpening extends Preparation {
  /** Makes what a path of the table names elsewhere (`azureml://…`, `https://…`) local. */
  readonly open: (reference: string) => Promise<{ readonly data: LocalData; readonly shown: string }>
}

/**
 * The table that a folder's `MLTable` file describes. Without a transformation that reads, it is one of its files' paths.
 * Throws validation with line and column for a file that is not right, and badRequest for data that is not.
 */
export async function mltableSource(folder: LocalData, opening: TableOpening): Promise<TableSource> {
  const description = folder.files.find(({ path }) => path === `${folder.path}/MLTable`)
  if ((description?.bytes ?? 0) > mostDescriptionBytes)
    throw errors.badRequest(
      'The file MLTable is larger than 1 MiB: it describes a table, and has no data in it.',
    )
  const program = parseMltable(await readFile(`${folder.path}/MLTable`, 'utf8'))
  const files = await filesOf(program.paths, folder, opening)
  const { reader } = program
  if (reader === undefined) return pathsSource(program, files)
  const encoding = 'encoding' in reader ? reader.encoding : undefined
  const found = await prepareAll(files, encoding === undefined ? opening : { ...opening, encoding })
  checkFormat(reader, found)
  const isForgiving = reader.kind === 'read_json_lines' && reader.invalidLines === 'drop'
  const prepared = isForgiving
    ? await Promise.all(found.map((file) => dropInvalidLines(file, opening)))
    : found
  return {
    format: 'mltable',
    files,
    notes: prepared.flatMap((file) => file.notes),
    readable: prepared,
    reads: prepared.map(({ path }) => path),
    relation: (session) => tableRelation(session, reader, program.steps, prepared),
  }
}

/** What reads nothing is, as in Azure ML, a table of its files' paths: of pictures, for instance. */
function pathsSource({ steps }: Program, files: readonly DataFile[]): TableSource {
  const rows = files.map(({ shown }) => `(${literal(shown)})`).join(', ')
  return {
    format: 'mltable',
    files,
    notes: ['the MLTable has no transformation that reads: its rows are the paths of its files'],
    readable: [],
    reads: [],
    relation: (session) =>
      applySteps(session, { sql: `select * from (values ${rows}) paths("Path")`, notes: [] }, steps, []),
  }
}

async function tableRelation(
  session: Session,
  reader: TableReader,
  steps: readonly Step[],
  files: readonly PreparedFile[],
): Promise<Relation> {
  const isByPath =
    reader.pathColumn !== undefined ||
    steps.some(({ kind }) => kind === 'extract_columns_from_partition_format')
  const told = isByPath ? { fileColumn } : {}
  const base = await read(session, reader, files, told)
  const overrides: readonly Step[] =
    reader.kind === 'read_delimited' && reader.overrides.length > 0
      ? [{ kind: 'convert_column_types', conversions: reader.overrides }]
      : []
  const { pathColumn } = reader
  const withPath = pathColumn === undefined ? base : { ...base, sql: addPath(base.sql, pathColumn, files) }
  return applySteps(session, withPath, [...overrides, ...steps], files)
}

function read(
  session: Session,
  reader: TableReader,
  files: readonly PreparedFile[],
  told: { readonly fileColumn?: string },
): Promise<Relation> {
  switch (reader.kind) {
    case 'read_parquet':
      return readParquet(session, files, told)
    case 'read_json_lines':
      return readJson(session, files, told)
    case 'read_delimited': {
      const { delimiter, header, infers, emptyAsString } = reader
      return readCsv(session, files, { ...told, dialect: { delimiter }, header, infers, emptyAsString })
    }
  }
}

/** The path of each row's file, as the user knows it, as the first column. */
function addPath(sql: string, name: string, files: readonly PreparedFile[]): string {
  const rows = files.map(({ path, shown }) => `(${literal(path)}, ${literal(shown)})`)
  const file = identifier(fileColumn)
  return `select part.path as ${identifier(name)}, data.* from (${sql}) data join (values ${rows.join(', ')}) part(${file}, path) on data.${file} = part.${file}`
}

function checkFormat(reader: TableReader, files: readonly PreparedFile[]): void {
  const expected = { read_delimited: 'csv', read_parquet: 'parquet', read_json_lines: 'json' } as const
  const other = files.find((file) => {
    // Delimited text may begin like anything else.
    if (reader.kind === 'read_delimited') return file.content === 'parquet'
    return formatOf([file]) !== expected[reader.kind]
  })
  if (other !== undefined)
    throw errors.badRequest(`'${other.shown}' is ${formatOf([other])}, and its MLTable says ${reader.kind}.`)
}

/** The files that the paths name, each once, in their order. */
async function filesOf(
  paths: readonly TablePath[],
  folder: LocalData,
  opening: TableOpening,
): Promise<readonly DataFile[]> {
  const found = new Map<string, DataFile>()
  for (const path of paths)
    for (const file of await filesAt(path, folder, opening)) found.set(file.path, file)
  return [...found.values()]
}

async function filesAt(
  { kind, path, place }: TablePath,
  folder: LocalData,
  { open }: TableOpening,
): Promise<readonly DataFile[]> {
  const isElsewhere = /^[a-z][a-z0-9+.-]*:/i.test(path)
  if (!isElsewhere && /^[\\/]/.test(path))
    throw at(
      place,
      `'${path}' is a path of some machine; expected one below the MLTable's folder, or a reference such as azureml://datastores/…`,
    )
  const { folder: before, rest } = kind === 'pattern' ? splitPattern(path) : { folder: path, rest: '' }
  const relative = normalize(kind === 'pattern' && !isElsewhere ? path : before)
  if (!isElsewhere && relative === undefined)
    throw at(place, `'${path}' leaves the MLTable's folder, which is all that was uploaded`)
  if (!isElsewhere) return local(kind, path, relative ?? '', folder, place)
  const { data, shown } = await open(before)
  if (kind !== 'pattern') return dataFiles(data, shown).files
  const matches = shownFiles(data).filter((file) => globPattern(rest).test(file.shown))
  if (matches.length === 0) throw at(place, `no file matches '${path}'`)
  return matches
}

function local(
  kind: TablePath['kind'],
  path: string,
  relative: string,
  folder: LocalData,
  place: TablePath['place'],
): readonly DataFile[] {
  const all = shownFiles(folder)
  const matches = all.filter(({ shown }) => {
    if (kind === 'file') return shown === relative
    if (kind === 'pattern') return globPattern(relative).test(shown)
    return (relative === '' || shown.startsWith(`${relative}/`)) && whyNoData(shown) === undefined
  })
  const filled = matches.filter(({ bytes }) => bytes > 0)
  if (filled.length > 0) return filled
  const what = {
    file: `there is no file '${path}'`,
    folder: `there is no data in the folder '${path}'`,
    pattern: `no file matches '${path}'`,
  }
  throw at(place, matches.length > 0 ? `'${path}' is empty` : `${what[kind]} beside the MLTable`)
}

/** The path below the folder without `./` and the like; undefined if it leaves the folder. */
function normalize(path: string): string | undefined {
  const segments: string[] = []
  for (const segment of path.replace(/^\.[\\/]/, '').split('/')) {
    if (segment === '..') {
      if (segments.pop() === undefined) return undefined
    } else if (segment !== '.' && segment !== '') segments.push(segment)
  }
  return segments.join('/')
}
