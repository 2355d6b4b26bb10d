import { readFileSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { parseRouteTable, type RouteTable } from './route-table.ts'

/**
 * Calls `apply` with the table in `file` now (if there is one) and whenever it is replaced, which happens by renaming
 * a new file over it. A file that cannot be read as a table is reported and the table in force stays.
 */
export function followTable(
  file: string,
  apply: (table: RouteTable) => void,
  onError: (error: unknown) => void,
): { close(): void } {
  let last = ''
  const read = () => {
    try {
      const text = readFileSync(file, 'utf8')
      if (text === last) return
      apply(parseRouteTable(text))
      last = text
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onError(error)
    }
  }
  const watcher = watch(dirname(file), (_, name) => {
    if (name === null || name === basename(file)) read()
  })
  read()
  return watcher
}
