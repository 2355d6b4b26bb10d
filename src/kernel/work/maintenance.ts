import { deleteExpiredTokens } from '../../store/access-rows.ts'
import { deleteEventsBefore } from '../../store/event-rows.ts'
import type { Platform, Room } from '../platform.ts'

const hour = 3_600_000
const day = 24 * hour
const eventsKeptFor = 30 * day

/**
 * Forgets what nobody needs any more: tokens that have expired, events that every consumer has handled and that are
 * 30 days old, measurements that are too old for their step, bytes that no name has meant for a day, and what each room
 * keeps for a time only.
 */
export async function tidy(platform: Platform, rooms: readonly Pick<Room, 'tidy'>[]): Promise<void> {
  const now = platform.clock().getTime()
  await deleteExpiredTokens(platform.store.db, now)
  await deleteEventsBefore(platform.store.db, now - eventsKeptFor)
  await platform.series.tidy()
  for (const room of rooms) await room.tidy?.(platform)
  const swept = await platform.artifacts.sweep(day)
  if (swept.files > 0) platform.log.info('swept bytes that no name means', swept)
}

/** Tidies once an hour until it is stopped; a failure is logged and the next hour tries again. */
export function keepTidy(platform: Platform, rooms: readonly Pick<Room, 'tidy'>[]): { stop(): void } {
  const timer = setInterval(() => {
    tidy(platform, rooms).catch((error: unknown) => platform.log.error('could not tidy up', { error }))
  }, hour).unref()
  return { stop: () => clearInterval(timer) }
}
