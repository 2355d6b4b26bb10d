import { tellable } from '../../kernel/errors.ts'
import type { ReconcileContext, Reconciler } from '../../kernel/work/reconcile.ts'
import { lostAgain, waitOf } from '../stores/lost.ts'
import { withTables } from '../tables/with-tables.ts'
import { compareTables } from './compare-tables.ts'
import type { DataDiff } from './diff.ts'
import { dataDiffs, type DiffProperties, type DiffStatus } from './diffs.ts'

/** How long a comparison is kept: it can be made again. */
const keptMs = 30 * 24 * 3600 * 1000
/** How often progress is written down. */
const tellEveryMs = 1000
/** Of wider tables, only so many columns are told of: the most changed. */
const mostColumns = 500

/** Compares what is to be compared, and removes what was compared long ago. Killed meanwhile, it begins anew. */
export const diffReconciler: Reconciler = {
  name: 'data.diffs',
  types: [dataDiffs.type],
  async reconcile(resource, { platform, signal }) {
    const { provisioningState } = resource.status as unknown as DiffStatus
    if (provisioningState === 'Creating') return compare(resource, { platform, signal })
    const left = resource.modifiedAt.getTime() + keptMs - platform.clock().getTime()
    if (left > 0) return { again: left }
    await platform.resources.remove(platform.identity('data'), resource.id)
  },
}

async function compare(
  resource: Parameters<Reconciler['reconcile']>[0],
  { platform, signal }: ReconcileContext,
): Promise<{ readonly again: number } | void> {
  const { keys, target } = resource.properties as unknown as DiffProperties
  const { pinned, lost } = resource.status as unknown as DiffStatus
  const wait = waitOf(lost, platform.clock())
  if (wait > 0) return { again: wait }
  const { generation, key } = resource
  /** Not over a later request: that one's own step will write. */
  const write = async (status: Readonly<Record<string, unknown>>) => {
    const fresh = await platform.resources.find(key)
    if (fresh?.generation === generation)
      await platform.resources.setStatus(key, status, { etag: fresh.etag })
  }
  let told = platform.clock().getTime()
  try {
    const result = await withTables(
      platform,
      resource.scope,
      { from: pinned.from, to: pinned.to },
      (session, { from, to }) => {
        const table = (which: 'from' | 'to', of: typeof from) => ({
          view: of.name,
          about: { reference: pinned[which], bytes: of.files.reduce((sum, { bytes }) => sum + bytes, 0) },
          notes: of.notes,
        })
        return compareTables(
          session,
          { from: table('from', from), to: table('to', to) },
          {
            keys: keys ?? [],
            ...(typeof target === 'string' ? { target } : {}),
            async progress(columns, of) {
              const now = platform.clock().getTime()
              if (now - told < tellEveryMs) return
              told = now
              await write({ progress: { columns, of } })
            },
          },
        )
      },
      { signal },
    )
    await write({ provisioningState: 'Succeeded', result: bounded(result), progress: null, lost: null })
  } catch (error) {
    const failure = signal.aborted ? undefined : tellable(error)
    // What may pass (the disk is full, the child was lost) is tried again; a store that is not reached, for some minutes.
    const isLost = failure?.kind.status === 503
    if (failure === undefined || (failure.kind.status >= 500 && !isLost)) throw error
    const next = isLost ? lostAgain(lost, failure.message, platform.clock()) : undefined
    if (next !== undefined && 'lost' in next) {
      await write({ lost: next.lost, progress: null })
      return { again: next.again }
    }
    const { target: at } = failure
    const message =
      next === undefined ? failure.message : `${next.gaveUp} Compare again once it can be reached.`
    await write({
      provisioningState: 'Failed',
      error: { code: failure.kind.code, message, ...(at === undefined ? {} : { target: at }) },
      progress: null,
      lost: null,
    })
  }
}

function bounded(diff: DataDiff): DataDiff {
  const left = diff.columns.length - mostColumns
  if (left <= 0) return diff
  const note = `${left} more columns changed less than those, and are left out.`
  return { ...diff, columns: diff.columns.slice(0, mostColumns), notes: [...diff.notes, note] }
}
