import { AnalyticsError, type Column } from '../../analytics/analytics.ts'
import { tellable } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { resolve } from '../resolve.ts'
import type { DataTable } from '../tables/tables.ts'
import { withTables } from '../tables/with-tables.ts'
import { bytesAt, tooLargeToFetch, type BytesFacts } from './bytes.ts'

/** What the platform has found of a version's data: read-only, shown as `properties.facts`. */
export interface DataFacts extends Partial<BytesFacts> {
  /** `recorded` once the bytes are known; `unreachable` while nothing can be read there. */
  readonly state: 'recorded' | 'unreachable'
  readonly recordedAt: string
  readonly format?: DataTable['format']
  readonly rows?: number
  readonly columns?: readonly Column[]
  /** What a reader should know of how the files were read. */
  readonly notes?: readonly string[]
  /** Why nothing is known of the bytes, or of the table in them. */
  readonly problem?: string
  /** How often it has been tried to reach them. */
  readonly attempts: number
}

/** Recording takes no longer than this: every row is read once. */
const timeoutMs = 10 * 60_000

/** More columns than these are no table that a person looks at; the status is to stay small. */
const mostColumns = 2000

/**
 * Reads a version's data once: its content's hash, its size, and if it is a table every row of it, so that one that
 * cannot be read is known now rather than in a job. What is the data's fault is told in `problem`; throws only what is
 * the platform's.
 */
export async function recordFacts(
  platform: Platform,
  workspaceId: string,
  versionId: string,
  attempts: number,
  signal: AbortSignal,
): Promise<DataFacts> {
  const about = { recordedAt: platform.clock().toISOString(), attempts }
  let bytes: BytesFacts
  try {
    const { location } = await resolve(platform, workspaceId, versionId)
    bytes = await bytesAt(platform, location, signal)
  } catch (error) {
    return { state: 'unreachable', ...about, problem: problemOf(error) }
  }
  if (bytes.contentHash === undefined)
    return { state: 'recorded', ...about, ...bytes, problem: tooLargeToFetch }
  try {
    return {
      state: 'recorded',
      ...about,
      ...bytes,
      ...(await tableFacts(platform, workspaceId, versionId, signal)),
    }
  } catch (error) {
    return { state: 'recorded', ...about, ...bytes, problem: problemOf(error) }
  }
}

function tableFacts(platform: Platform, workspaceId: string, versionId: string, signal: AbortSignal) {
  return withTables(
    platform,
    workspaceId,
    { data: versionId },
    async (session, { data: table }) => {
      const described = await session.all('select column_name, column_type from (describe data)')
      const columns = (described.rows as readonly (readonly [string, string])[]).map(([name, type]) => ({
        name,
        type,
      }))
      // Parquet tells its rows; of text each value is read once, so that one that does not fit is found.
      const each = table.format === 'parquet' ? '' : ', count(columns(*))'
      const { rows } = await session.all(`select count(*)${each} from data`)
      return {
        format: table.format,
        rows: rows[0]?.[0] as number,
        columns: columns.slice(0, mostColumns),
        ...(table.notes.length === 0 ? {} : { notes: table.notes }),
      }
    },
    { timeoutMs, signal },
  )
}

/** The message of what the user can mend; anything else is thrown, and recording is tried again. */
function problemOf(error: unknown): string {
  const told = tellable(error)
  if (
    told === undefined ||
    (error instanceof AnalyticsError && (error.kind === 'lost' || error.kind === 'disk'))
  )
    throw error
  return told.message
}
