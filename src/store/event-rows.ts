import { sql } from 'kysely'
import type { Db } from './database.ts'

export interface EventRow {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly subject: string
  readonly time: number
  readonly data: string
}

export async function insertEvents(db: Db, rows: readonly EventRow[]): Promise<void> {
  if (rows.length > 0)
    await db
      .insertInto('outbox')
      .values([...rows])
      .execute()
}

/** Events after `seq`, oldest first. */
export const eventsAfter = (db: Db, seq: number, limit: number, types?: readonly string[]) => {
  let select = db.selectFrom('outbox').selectAll().where('seq', '>', seq)
  if (types !== undefined) select = select.where('type', 'in', [...types])
  return select.orderBy('seq').limit(limit).execute()
}

/**
 * The first and the last event of a source (whatever its case) within these bounds, all inclusive, times in ms since
 * 1970; undefined where there is none.
 */
export async function eventSpan(
  db: Db,
  source: string,
  bounds: {
    readonly from?: number
    readonly to?: number
    readonly fromSeq: number
    readonly toSeq: number
  },
): Promise<{ readonly first: number; readonly last: number; readonly count: number } | undefined> {
  let select = db
    .selectFrom('outbox')
    .select((eb) => [
      eb.fn.min<number | null>('seq').as('first'),
      eb.fn.max<number | null>('seq').as('last'),
      eb.fn.countAll<number | string>().as('count'),
    ])
    .where(sql<string>`lower(source)`, '=', source.toLowerCase())
    .where('seq', '>=', bounds.fromSeq)
    .where('seq', '<=', bounds.toSeq)
  if (bounds.from !== undefined) select = select.where('time', '>=', bounds.from)
  if (bounds.to !== undefined) select = select.where('time', '<=', bounds.to)
  const found = await select.executeTakeFirst()
  if (found?.first == null || found.last == null) return undefined
  return { first: found.first, last: found.last, count: Number(found.count) }
}

/** Sequence number of the newest event, 0 if there is none. */
export const lastSeq = async (db: Db): Promise<number> =>
  (
    await db
      .selectFrom('outbox')
      .select((eb) => eb.fn.max<number | null>('seq').as('seq'))
      .executeTakeFirst()
  )?.seq ?? 0

/** Up to which event a consumer has handled all. */
export const cursorOf = async (db: Db, consumer: string): Promise<number> =>
  (await db.selectFrom('event_cursors').select('seq').where('consumer', '=', consumer).executeTakeFirst())
    ?.seq ?? 0

export const moveCursor = (db: Db, consumer: string, seq: number) =>
  db
    .insertInto('event_cursors')
    .values({ consumer, seq })
    .onConflict((c) => c.column('consumer').doUpdateSet({ seq }))
    .execute()

/** Deletes events older than `time`, except those that a consumer has not handled yet. */
export async function deleteEventsBefore(db: Db, time: number): Promise<void> {
  const slowest = await db
    .selectFrom('event_cursors')
    .select((eb) => eb.fn.min<number | null>('seq').as('seq'))
    .executeTakeFirst()
  let drop = db.deleteFrom('outbox').where('time', '<', time)
  if (slowest?.seq !== null && slowest?.seq !== undefined) drop = drop.where('seq', '<=', slowest.seq)
  await drop.execute()
}

/** Events of a source (whatever its case), the newest first; times in ms since 1970, both inclusive. */
export function recentEvents(
  db: Db,
  source: string,
  query: {
    readonly from?: number
    readonly to?: number
    readonly types?: readonly string[]
    readonly without?: readonly string[]
    readonly limit: number
  },
) {
  let select = db
    .selectFrom('outbox')
    .selectAll()
    .where(sql<string>`lower(source)`, '=', source.toLowerCase())
  if (query.from !== undefined) select = select.where('time', '>=', query.from)
  if (query.to !== undefined) select = select.where('time', '<=', query.to)
  if (query.types !== undefined) select = select.where('type', 'in', [...query.types])
  if (query.without !== undefined) select = select.where('type', 'not in', [...query.without])
  return select.orderBy('seq', 'desc').limit(query.limit).execute()
}
