import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { identifier, type Analytics, type Session, type SessionOptions } from '../../analytics/analytics.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { explaining } from './explain.ts'
import { openSource } from './open-source.ts'
import type { DataTable, TableReferences, TableSource } from './tables.ts'

/**
 * Opens an analytics session in which each reference is a view of its name, waits for `use`, and cleans up. Throws
 * notFound for what is not there and badRequest, naming the file (and line and column where there is one), for what is
 * no table. Errors of the session speak of files by the names that users know.
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
  const names = Object.keys(references) as N[]
  checkNames(names)
  // What a killed server leaves here, the next one's analytics remove.
  const above = join(platform.config.home, 'analytics')
  await mkdir(above, { recursive: true })
  const folder = await mkdtemp(join(above, 'tables-'))
  const releases: (() => Promise<void>)[] = []
  try {
    const sources: Awaited<ReturnType<typeof openSource>>[] = []
    for (const [i, name] of names.entries())
      sources.push(
        await openSource(references[name], {
          platform,
          workspaceId,
          releases,
          folder: join(folder, String(i)),
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        }),
      )
    return await withSources(platform.analytics, names, sources, use, options)
  } finally {
    for (const release of releases) await release()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A session with a view of each source, by the name at the same place. */
export async function withSources<T, N extends string>(
  analytics: Analytics,
  names: readonly N[],
  sources: readonly (TableSource & { readonly version?: Resource })[],
  use: (session: Session, tables: Readonly<Record<N, DataTable>>) => Promise<T>,
  options: SessionOptions = {},
): Promise<T> {
  const reads = sources.flatMap((source) => source.reads)
  return analytics.session({ ...options, reads }, async (plain) => {
    const session = explaining(
      plain,
      sources.flatMap((source) => source.readable),
    )
    const tables = {} as Record<N, DataTable>
    for (const [i, name] of names.entries()) {
      const source = sources[i]
      if (source === undefined) continue
      const { sql, notes } = await source.relation(session)
      await session.run(`create view ${identifier(name)} as ${sql}`)
      const { format, files, version } = source
      tables[name] = {
        name,
        format,
        files,
        notes: [...source.notes, ...notes],
        ...(version === undefined ? {} : { version }),
      }
    }
    return use(session, tables)
  })
}

/** SQL does not tell names apart by their case. */
function checkNames(names: readonly string[]): void {
  const taken = new Map<string, string>()
  for (const name of names) {
    const other = taken.get(name.toLowerCase())
    if (other !== undefined)
      throw errors.badRequest(`Tables '${other}' and '${name}' cannot be told apart: SQL ignores case.`)
    if (name === '' || name.includes('\0')) throw errors.badRequest('A table needs a name.')
    taken.set(name.toLowerCase(), name)
  }
}
