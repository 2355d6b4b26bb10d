import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'
import type { Platform } from '../../kernel/platform.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { version } from '../../kernel/version.ts'
import { countDue, failingWork } from '../../store/work-rows.ts'

/** So many failing pieces of work are told. */
const mostFailing = 50

/**
 * `GET /providers/Twinloop/server`: what this server is and how it stands: version, since when it is up, where it listens, its store,
 * and its background work: how much waits, and what failed at its last attempt and is tried again. For who may read the
 * server's measurements.
 */
export function serverRoutes(platform: Platform): Hono<Frame> {
  return new Hono<Frame>().get('/providers/Twinloop/server', async (context) => {
    const actor = await platform.access.authenticate(context.req.raw.headers)
    await platform.access.require(actor, 'Twinloop/metrics/read', '')
    const { db, dialect } = platform.store
    const now = platform.clock().getTime()
    const [ours, bytes, due, failing] = await Promise.all([
      version(),
      dialect === 'sqlite' ? sizeOf(platform.config.home) : null,
      countDue(db, now),
      failingWork(db, mostFailing),
    ])
    return context.json({
      version: ours,
      node: process.version,
      startedAt: new Date(now - process.uptime() * 1000).toISOString(),
      urls: platform.urls,
      store: { kind: dialect, bytes },
      work: {
        due,
        failing: failing.map(({ reconciler, key, attempts, last_error, due_at }) => ({
          reconciler,
          resource: key,
          attempts,
          error: last_error,
          nextAttemptAt: new Date(due_at).toISOString(),
        })),
      },
    })
  })
}

/** Bytes of the embedded store's file and of its log. */
async function sizeOf(home: string): Promise<number> {
  const sizes = ['store.db', 'store.db-wal'].map((name) =>
    stat(join(home, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
