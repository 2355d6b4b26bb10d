import { createHash } from 'node:crypto'
import { readFileSync, renameSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTable, type TableReading } from './read-table.ts'

/**
 * Calls `apply` with the table in `{folder}/routes.json` now (if there is one) and whenever it is replaced, which
 * happens by renaming a new file over it; then says in `{folder}/taken-up`, if `isInForce`, which table (by SHA-256) it
 * is. Of a file that cannot be read as a table `onUnreadable` is told; the table before it stays.
 */
export function followTable(
  { folder, isInForce }: { readonly folder: string; readonly isInForce: () => boolean },
  apply: (reading: TableReading) => void,
  onUnreadable: (error: Error) => void,
): { close(): void } {
  let last = ''
  const read = () => {
    try {
      const text = readFileSync(join(folder, 'routes.json'), 'utf8')
      if (text === last) return
      apply(readTable(text))
      last = text
      if (!isInForce()) return
      writeFileSync(join(folder, 'taken-up.new'), createHash('sha256').update(text).digest('hex'))
      renameSync(join(folder, 'taken-up.new'), join(folder, 'taken-up'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onUnreadable(error as Error)
    }
  }
  const watcher = watch(folder, (_, name) => {
    if (name === null || name === 'routes.json') read()
  })
  read()
  return watcher
}
