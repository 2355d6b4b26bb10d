import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { fire } from './fire.ts'
import { asSchedule, type LastRun, type Schedule } from './schedule.ts'
import { schedules } from './schedules.ts'
import { nextRun, readTrigger } from './trigger.ts'

/** Clocks are set now and then: nobody waits for a time that is farther away than this without looking again. */
const longestWaitMs = 3_600_000

/**
 * Makes what is due. What was due while no server was there is made up for once, for the last of the times that were
 * missed; the time of the next is written down after it was made, and what was made is found by its name.
 */
export const scheduleReconciler: Reconciler = {
  name: 'training/schedules',
  types: [schedules.type],
  async reconcile(resource, { platform }) {
    const schedule = asSchedule(resource)
    const { nextRun: due } = schedule.status
    if (!schedule.properties.isEnabled || due === undefined) return
    const now = platform.clock()
    const wait = Date.parse(due) - now.getTime()
    if (wait > 0) return { again: Math.min(wait, longestWaitMs) }
    const trigger = readTrigger(schedule.properties.trigger, new Date(schedule.status.anchor))
    let last = new Date(due)
    for (let next = nextRun(trigger, last); next !== undefined && next <= now; next = nextRun(trigger, last))
      last = next
    const lastRun = await tryFire(schedule, last, platform)
    const next = nextRun(trigger, last)
    // Whoever changed the schedule meanwhile has said when it is due next.
    await platform.resources.setStatus(
      schedule.key,
      { lastRun, nextRun: next?.toISOString() ?? null },
      { etag: schedule.etag },
    )
  },
}

/** What cannot be made this time may be the next: it is written down and not tried again. */
async function tryFire(schedule: Schedule, due: Date, platform: Platform): Promise<LastRun> {
  const times = { due: due.toISOString(), at: platform.clock().toISOString() }
  try {
    return { ...times, id: (await fire(schedule, due, platform)).id }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    platform.log.warn('a schedule could not make what is due', {
      schedule: schedule.key,
      error: error.message,
    })
    return { ...times, error: error.message }
  }
}
