import type { Platform } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import type { Progress, TransferState } from './transfer.ts'

/** Tells how a transfer goes on: now and then while rows come, and at once when something must be kept. */
export interface Reporter {
  /** Rows and bytes since the last call. Never waits; the status follows about once a second. */
  moved(rows: number, bytes: number): void
  /** Writes the progress with what else is to be kept in the same transaction. A lost connection is forgotten. */
  keep(progress: Progress, status: Json): Promise<void>
  /** Where it stands: what was kept, and what moved since. */
  progress(): Progress
  /** Resolves when what is being written is written. */
  settled(): Promise<void>
}

const everyMs = 1000

/** `canceled` is called when somebody asked for it, through whatever server. */
export function createReporter(platform: Platform, key: string, canceled: () => void): Reporter {
  let kept: Progress = { rows: 0, bytes: 0, parts: 0 }
  let moved = { rows: 0, bytes: 0 }
  let told = platform.clock().getTime()
  let writing: Promise<void> = Promise.resolve()

  const progress = (): Progress => ({
    ...kept,
    rows: kept.rows + moved.rows,
    bytes: kept.bytes + moved.bytes,
  })
  const write = async (status: Json): Promise<void> => {
    told = platform.clock().getTime()
    const written = await platform.resources.setStatus<object, TransferState>(key, status)
    if (written === undefined || written.status.cancelRequestedBy !== undefined) canceled()
  }

  return {
    moved(rows, bytes) {
      moved = { rows: moved.rows + rows, bytes: moved.bytes + bytes }
      if (platform.clock().getTime() - told < everyMs) return
      told = platform.clock().getTime()
      writing = writing.then(() => write({ progress: progress() })).catch(() => {})
    },
    async keep(now, status) {
      kept = now
      moved = { rows: 0, bytes: 0 }
      await writing
      await write({ progress: now, lost: null, ...status })
    },
    progress,
    settled: () => writing,
  }
}
