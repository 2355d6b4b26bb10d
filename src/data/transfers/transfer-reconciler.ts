import { tellable } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Db } from '../../store/database.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { ReconcileContext, Reconciler } from '../../kernel/work/reconcile.ts'
import { lostAgain, waitOf } from '../stores/lost.ts'
import { ConnectionLost } from './databases/sql-source.ts'
import { createReporter, type Reporter } from './reporter.ts'
import { Canceled, hasEnded, runningIn, type TransferState } from './transfer.ts'

export type Transfer<P, S extends TransferState = TransferState> = Resource<P, S>

/** What a kind of transfer does: the rest (turns, retries, cancellation, how it ends) is the same for all. */
export interface TransferKind<P, S extends TransferState> {
  /** Name of the reconciler. */
  readonly name: string
  readonly type: string
  /** Transfers of this kind with the same text are done one after another, in the order in which they were asked for. */
  lane(properties: P): string
  /**
   * Does all of it, or goes on where the last server left off. Throws ConnectionLost for what may pass, a `UserError` for
   * what will not. What it returns is kept beside the status of success, in one transaction.
   */
  run(transfer: Transfer<P, S>, context: Running): Promise<Outcome>
  /** Removes what a transfer has left that did not succeed. Idempotent. */
  undo(transfer: Transfer<P, S>, platform: Platform): Promise<void>
}

export interface Running {
  readonly platform: Platform
  /** Aborts when it is canceled, or the server stops. */
  readonly signal: AbortSignal
  readonly report: Reporter
}

export interface Outcome {
  readonly status: Json
  readonly also?: (db: Db) => Promise<void>
}

/** Transfers that one server does at once; the others wait for their turn. */
const mostAtOnce = 2
/** Others' ends wake who waits; this is for when another server's do not. */
const lookAgainMs = 15_000

export function transferReconciler<P, S extends TransferState>(kind: TransferKind<P, S>): Reconciler {
  return {
    name: kind.name,
    types: [kind.type],
    async reconcile(resource, context) {
      const transfer = resource as unknown as Transfer<P, S>
      const { platform } = context
      const { status, cancelRequestedBy, lost } = transfer.status
      if (hasEnded(status)) return
      if (cancelRequestedBy !== undefined) return end(kind, transfer, platform, { status: 'Canceled' })
      const wait = waitOf(lost, platform.clock())
      if (wait > 0) return { again: wait }
      if (runningIn(platform).size >= mostAtOnce || (await isBehind(kind, transfer, platform)))
        return { again: lookAgainMs }
      return runNow(kind, transfer, context)
    },
  }
}

/** True if one of its lane that was asked for earlier has not ended. */
async function isBehind<P, S extends TransferState>(
  kind: TransferKind<P, S>,
  transfer: Transfer<P, S>,
  platform: Platform,
): Promise<boolean> {
  return (await unended(kind, platform, transfer.scope)).some(
    (other) =>
      other.key !== transfer.key &&
      kind.lane(other.properties) === kind.lane(transfer.properties) &&
      (other.createdAt < transfer.createdAt ||
        (other.createdAt.getTime() === transfer.createdAt.getTime() && other.key < transfer.key)),
  )
}

async function unended<P, S extends TransferState>(
  { type }: TransferKind<P, S>,
  platform: Platform,
  scope?: string,
): Promise<readonly Transfer<P, S>[]> {
  const found = await Promise.all(
    (['Queued', 'Running'] as const).map((status) =>
      platform.resources.list<P, S>({
        type,
        view: 'all',
        where: { 'status.status': status },
        top: 10_000,
        ...(scope === undefined ? {} : { scope }),
      }),
    ),
  )
  return found.flat()
}

async function runNow<P, S extends TransferState>(
  kind: TransferKind<P, S>,
  transfer: Transfer<P, S>,
  { platform, signal }: ReconcileContext,
): Promise<{ readonly again: number } | void> {
  const own = new AbortController()
  runningIn(platform).set(transfer.key, own)
  const report = createReporter(platform, transfer.key, () => own.abort(new Canceled()))
  try {
    const begun = await platform.resources.setStatus<P, S>(transfer.key, {
      status: 'Running',
      startTime: transfer.status.startTime ?? platform.clock().toISOString(),
    })
    if (begun === undefined) return
    const running = { platform, signal: AbortSignal.any([signal, own.signal]), report }
    const { status, also } = await kind.run(begun, running)
    await report.settled()
    return await end(kind, begun, platform, { ...status, status: 'Completed' }, also)
  } catch (error) {
    await report.settled()
    if (own.signal.aborted) return await end(kind, transfer, platform, { status: 'Canceled' })
    signal.throwIfAborted()
    return await fail(kind, transfer, platform, error)
  } finally {
    runningIn(platform).delete(transfer.key)
    for (const other of await unended(kind, platform).catch(() => [])) platform.wake(kind.name, other.key)
  }
}

async function fail<P, S extends TransferState>(
  kind: TransferKind<P, S>,
  transfer: Transfer<P, S>,
  platform: Platform,
  error: unknown,
): Promise<{ readonly again: number } | void> {
  const known = tellable(error)
  // What is out of order for a while only is worth another try.
  const mayPass = error instanceof ConnectionLost || known?.kind.status === 503
  if (known !== undefined && !mayPass)
    return end(kind, transfer, platform, {
      status: 'Failed',
      error: { code: known.kind.code, message: known.message },
    })
  if (!mayPass) platform.log.error('a transfer failed and is tried again', { resource: transfer.key, error })
  const now = await platform.resources.find<P, S>(transfer.key)
  const what = error instanceof Error ? error.message : String(error)
  const message = mayPass ? what : `A step of the platform failed: ${what}.`
  const next = lostAgain(now?.status.lost, message, platform.clock())
  if ('gaveUp' in next)
    return end(kind, transfer, platform, {
      status: 'Failed',
      error: { code: 'ConnectionLost', message: next.gaveUp },
    })
  await platform.resources.setStatus(transfer.key, { lost: next.lost })
  return { again: next.again }
}

async function end<P, S extends TransferState>(
  kind: TransferKind<P, S>,
  transfer: Transfer<P, S>,
  platform: Platform,
  status: Json & { readonly status: 'Completed' | 'Failed' | 'Canceled' },
  also?: (db: Db) => Promise<void>,
): Promise<void> {
  if (status.status !== 'Completed') await kind.undo(transfer, platform)
  const ended = { ...status, endTime: platform.clock().toISOString(), lost: null }
  await platform.resources.setStatus(transfer.key, ended, also === undefined ? {} : { also })
}

/** Has every transfer looked at that has not ended: what it waited for may have come while no server was there. */
export async function wakeUnended<P, S extends TransferState>(
  kind: TransferKind<P, S>,
  platform: Platform,
): Promise<void> {
  for (const { key } of await unended(kind, platform)) platform.wake(kind.name, key)
}
