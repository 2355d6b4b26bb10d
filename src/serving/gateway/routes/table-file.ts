import { createHash } from 'node:crypto'
import { readFileSync, renameSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseRouteTable, type RouteTable } from './route-table.ts'

/**
 * Calls `apply` with the table in `{folder}/routes.json` now (if there is one) and whenever it is replaced, which
 * happens by renaming a new file over it; then says in `{folder}/taken-up` which table, by SHA-256, is in force. A file
 * that cannot be read as a table is reported and the table in force stays.
 */
export function followTable(
  folder: string,
  apply: (table: RouteTable) => void,
  onError: (error: unknown) => void,
): { close(): void } {
  let last = ''
  const read = () => {
    try {
      const text = readFileSync(join(folder, 'routes.json'), 'utf8')
      if (text === last) return
      apply(parseRouteTable(text))
      last = text
      writeFileSync(join(folder, 'taken-up.new'), createHash('sha256').update(text).digest('hex'))
      renameSync(join(folder, 'taken-up.new'), join(folder, 'taken-up'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onError(error)
    }
  }
  const watcher = watch(folder, (_, name) => {
    if (name === null || name === 'routes.json') read()
  })
  read()
  return watcher
}
