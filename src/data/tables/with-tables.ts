import { mkdtemp, rm, stat } from 'node:fs/promises'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { identifier, literal, type Session } from '../../analytics/analytics.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { formatReference } from '../locations.ts'
import { resolve } from '../resolve.ts'
import { fetchTo } from '../transfer.ts'
import type { DataTable, TableReferences } from './tables.ts'

/**
 * Opens an analytics session in which each reference is a view of its name, waits for `use`, and cleans up. Throws
 * notFound for what is not there and badRequest, naming the file, for what is no table.
 */
export async function withTables<T, N extends string>(
  platform: Platform,
  workspaceId: string,
  references: TableReferences & Readonly<Record<N, unknown>>,
  use: (session: Session, tables: Readonly<Record<N, DataTable>>) => Promise<T>,
  options: {
    readonly signal?: AbortSignal
    readonly timeoutMs?: number
    readonly writes?: readonly string[]
  } = {},
): Promise<T> {
  const folder = await mkdtemp(join(platform.config.home, 'tables-'))
  try {
    const sources: Record<string, Source> = {}
    for (const [name, reference] of Object.entries(references) as [N, string][])
      sources[name] = await sourceOf(
        platform,
        workspaceId,
        reference,
        join(folder, String(Object.keys(sources).length)),
        options.signal,
      )
    const reads = Object.values(sources).flatMap(({ table }) => table.files.map(({ path }) => path))
    return await platform.analytics.session({ ...options, reads }, async (session) => {
      const tables = {} as Record<N, DataTable>
      for (const [name, { relation, table }] of Object.entries(sources) as [N, Source][]) {
        await session.run(`create view ${identifier(name)} as select * from ${relation}`)
        tables[name] = { ...table, name }
      }
      return use(session, tables)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Source {
  readonly relation: string
  readonly table: Omit<DataTable, 'name'>
}

const readers = {
  parquet: { format: 'parquet', call: 'read_parquet' },
  csv: { format: 'csv', call: 'read_csv' },
  tsv: { format: 'csv', call: 'read_csv' },
  json: { format: 'json', call: 'read_json' },
  jsonl: { format: 'json', call: 'read_json' },
} as const

async function sourceOf(
  platform: Platform,
  workspaceId: string,
  reference: TableReferences[string],
  folder: string,
  signal?: AbortSignal,
): Promise<Source> {
  const { location, asset } = await resolve(platform, workspaceId, reference)
  const { path } = await fetchTo(platform, location, folder, signal)
  const files = await filesAt(path)
  const kind = /\.(parquet|csv|tsv|jsonl?)$/i.exec(files[0]?.path ?? '')?.[1]?.toLowerCase() as
    | keyof typeof readers
    | undefined
  if (kind === undefined)
    throw errors.badRequest(
      `'${typeof reference === 'string' ? reference : formatReference(reference)}' is no table: expected files of Parquet, CSV or JSON Lines.`,
    )
  const { format, call } = readers[kind]
  return {
    relation: `${call}([${files.map((file) => literal(file.path)).join(', ')}])`,
    table: { format, files, notes: [], ...(asset === undefined ? {} : { version: asset }) },
  }
}

async function filesAt(path: string): Promise<DataTable['files']> {
  const about = await stat(path)
  if (about.isFile()) return [{ path, bytes: about.size }]
  const files = []
  for await (const name of glob('**/*.{parquet,csv,tsv,json,jsonl}', { cwd: path }))
    files.push({ path: join(path, name), bytes: (await stat(join(path, name))).size })
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}
