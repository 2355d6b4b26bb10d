import { pauseAfter } from '../../../admin/notices/attempts.ts'
import { UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Reconciler } from '../../../kernel/work/reconcile.ts'
import { asRepository, type Repository } from '../repository.ts'
import { Refused } from './call.ts'
import { remoteOf } from './remote.ts'
import { asReport, reports, type Report } from './reports.ts'

/** A host that does not answer must not hold up the reconcilers of anything else. */
const atOnce = 4
const busyMs = 500

/** Tells a repository's host what its reports say. */
export function createReportReconciler(): Reconciler {
  let underWay = 0
  return {
    name: 'release/reports',
    types: [reports.type],
    async reconcile(resource, { platform, signal }) {
      const report = asReport(resource)
      if (report.status.state !== 'pending') return undefined
      const wait = Date.parse(report.status.nextAttemptAt ?? '') - platform.clock().getTime()
      if (wait > 0) return { again: wait }
      if (underWay >= atOnce) return { again: busyMs }
      underWay++
      try {
        return await attempt(platform, report, signal)
      } finally {
        underWay--
      }
    },
  }
}

async function attempt(platform: Platform, report: Report, signal: AbortSignal) {
  const found = await platform.resources.find(report.parent)
  if (found === undefined) return undefined
  const attempts = report.status.attempts + 1
  try {
    const remoteId = await tell(platform, asRepository(found), report, signal)
    const sentAt = platform.clock().toISOString()
    await settle(platform, report, remoteId, {
      state: 'sent',
      attempts,
      sentAt,
      lastError: null,
      nextAttemptAt: null,
    })
    return undefined
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Refused || error instanceof UserError)) throw error
    const { message } = error
    const retryAfterMs = error instanceof Refused ? error.retryAfterMs : undefined
    const pause = pauseAfter(attempts, {
      sent: false,
      error: message,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
    const isOver = pause === undefined
    platform.log.warn('a report was not taken', { report: report.id, error: message, given_up: isOver })
    await settle(platform, report, undefined, {
      state: isOver ? 'failed' : 'pending',
      attempts,
      lastError: message,
      nextAttemptAt: isOver ? null : new Date(platform.clock().getTime() + pause).toISOString(),
    })
    return isOver ? undefined : { again: pause }
  }
}

/** Writes down how it went, unless there is something newer to tell; what the host calls it stays in any case. */
async function settle(
  platform: Platform,
  report: Report,
  remoteId: string | undefined,
  state: Readonly<Record<string, unknown>>,
) {
  if (remoteId !== undefined && remoteId !== report.status.remoteId)
    await platform.resources.setStatus(report.key, { remoteId })
  for (;;) {
    const now = await platform.resources.find(report.key)
    if (now === undefined || now.generation !== report.generation) return
    if ((await platform.resources.setStatus(report.key, state, { etag: now.etag })) !== undefined) return
  }
}

async function tell(platform: Platform, repository: Repository, report: Report, signal: AbortSignal) {
  const { host, remote } = await remoteOf(platform, repository, signal)
  const { status, comment } = report.properties
  if (status !== undefined) await host.status(remote, status)
  return comment === undefined ? undefined : host.comment(remote, comment, report.status.remoteId)
}
