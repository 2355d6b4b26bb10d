import { stat } from 'node:fs/promises'
import type { Session } from '../../../analytics/analytics.ts'
import { inferTypes, type ColumnTypes, type DelimitedFiles } from './column-types.ts'

/** Tables whose types are remembered; the one that was not asked of for longest goes first. */
const most = 500

const remembered = new Map<string, ColumnTypes>()

/**
 * The types of files as `inferTypes` finds them, which takes most of the time of a small question, or as it has found
 * them: the same file (by its inode, size and time of change, under whatever name) is not looked into twice.
 */
export async function typesOf(session: Session, source: DelimitedFiles): Promise<ColumnTypes> {
  const files = await Promise.all(
    source.files.map(async ({ path }) => {
      const { dev, ino, size, mtimeMs } = await stat(path)
      return [dev, ino, size, mtimeMs]
    }),
  )
  const key = JSON.stringify([files, source.names, source.options])
  const types = remembered.get(key) ?? (await inferTypes(session, source))
  remembered.delete(key)
  remembered.set(key, types)
  for (const [oldest] of remembered) {
    if (remembered.size <= most) break
    remembered.delete(oldest)
  }
  return types
}
