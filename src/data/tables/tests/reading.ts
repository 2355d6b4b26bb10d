import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createAnalytics } from '../../../analytics/create-analytics.ts'
import type { Column, Row } from '../../../analytics/analytics.ts'
import { explaining } from '../explain.ts'
import { dataFiles, type LocalData } from '../files/list.ts'
import { filesSource } from '../reading/files-source.ts'
import type { TableSource } from '../tables.ts'

/** What a table was read as, or the message of the error that it was refused with. */
export interface Reading {
  readonly columns?: Readonly<Record<string, string>>
  readonly rows?: readonly Row[]
  readonly notes?: readonly string[]
  readonly error?: string
}

/** A folder of a test's own and a DuckDB to read it with. */
export function startReading() {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const analytics = createAnalytics(join(folder, 'spill'), { memoryBytes: 256 * 2 ** 20, sessions: 1 })
  let count = 0

  async function read(open: (folder: string) => Promise<TableSource>, query: string): Promise<Reading> {
    try {
      const source = await open(join(folder, `work-${++count}`))
      return await analytics.session({ reads: source.reads }, async (plain) => {
        const session = explaining(plain, source.readable)
        const { sql, notes } = await source.relation(session)
        const { columns, rows } = await session.all(query.replaceAll('data', () => `(${sql})`))
        return { columns: typesOf(columns), rows, notes: [...source.notes, ...notes] }
      })
    } catch (error) {
      return { error: (error as Error).message }
    }
  }

  return {
    folder,
    /** Writes files below a folder of their own, and returns that folder. */
    write(files: Readonly<Record<string, string | Uint8Array>>): string {
      const root = join(folder, `data-${++count}`)
      for (const [name, content] of Object.entries(files)) {
        const path = join(root, name)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, content)
      }
      return root
    },
    read,
    /** What the files at a path are read as: all of it, or the answer to a query of `data`. */
    readFiles: (path: string, query = 'from data') =>
      read(async (work) => {
        const { files, notes } = dataFiles(localData(path), basename(path))
        return filesSource(files, { folder: work }, notes)
      }, query),
    /** Runs SQL that may write anywhere below the folder, to make files of DuckDB's. */
    make: (sql: string) =>
      analytics.session({ writes: [folder], reads: [folder] }, (session) => session.run(sql)),
    async end() {
      await analytics.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What is at a path, as `openLocally` tells it. */
export function localData(path: string): LocalData {
  if (statSync(path).isFile()) return { path, kind: 'file', files: [{ path, bytes: statSync(path).size }] }
  const paths = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return { path, kind: 'folder', files: paths.map((p) => ({ path: p, bytes: statSync(p).size })) }
}

const typesOf = (columns: readonly Column[]) =>
  Object.fromEntries(columns.map(({ name, type }) => [name, type]))
