import type { Db } from './database.ts'
import type { WorkRow } from './kernel-tables.ts'

/** Asks that a reconciler look at a resource at `dueAt`, or earlier if it is so arranged already. */
export async function scheduleWork(db: Db, reconciler: string, key: string, dueAt: number): Promise<void> {
  await db
    .insertInto('work')
    .values({
      reconciler,
      key,
      due_at: dueAt,
      revision: 1,
      attempts: 0,
      leased_by: '',
      leased_until: 0,
      last_error: '',
    })
    .onConflict((conflict) =>
      conflict.columns(['reconciler', 'key']).doUpdateSet((eb) => ({
        due_at: eb.case().when('work.due_at', '>', dueAt).then(dueAt).else(eb.ref('work.due_at')).end(),
        revision: eb('work.revision', '+', 1),
        attempts: 0,
      })),
    )
    .execute()
}

/** Leases what is due, oldest first. A lease that has run out is anybody's. */
export async function leaseWork(
  db: Db,
  lease: { readonly by: string; readonly now: number; readonly until: number; readonly limit: number },
): Promise<WorkRow[]> {
  const due = await db
    .selectFrom('work')
    .select(['reconciler', 'key'])
    .where('due_at', '<=', lease.now)
    .where('leased_until', '<=', lease.now)
    .orderBy('due_at')
    .limit(lease.limit)
    .execute()
  const rows: WorkRow[] = []
  for (const { reconciler, key } of due) {
    const row = await db
      .updateTable('work')
      .set({ leased_by: lease.by, leased_until: lease.until })
      .where('reconciler', '=', reconciler)
      .where('key', '=', key)
      .where('leased_until', '<=', lease.now)
      .returningAll()
      .executeTakeFirst()
    if (row !== undefined) rows.push(row)
  }
  return rows
}

/** How many items are due and leased by nobody. */
export async function countDue(db: Db, now: number): Promise<number> {
  const { count } = await db
    .selectFrom('work')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('due_at', '<=', now)
    .where('leased_until', '<=', now)
    .executeTakeFirstOrThrow()
  return count
}

/** When the next item falls due or the next lease ends; undefined if there is nothing to do at all. */
export async function nextDue(db: Db): Promise<number | undefined> {
  const row = await db
    .selectFrom('work')
    .select((eb) =>
      eb.fn
        .min<number>(
          eb
            .case()
            .when('leased_until', '>', eb.ref('due_at'))
            .then(eb.ref('leased_until'))
            .else(eb.ref('due_at'))
            .end(),
        )
        .as('at'),
    )
    .executeTakeFirst()
  return row?.at ?? undefined
}

const afterFailureMs = 1000

/**
 * Gives a lease back. `again` is when to look next, or undefined if the reconciler is content: then the item goes,
 * unless the resource was written while it ran, which makes it due at once; after a failure only a second later, for
 * it may be the failing step itself that wrote.
 */
export async function settleWork(
  db: Db,
  item: WorkRow,
  outcome: {
    readonly now: number
    readonly again?: number
    readonly attempts: number
    readonly error: string
  },
): Promise<void> {
  const mine = (revision: boolean) => {
    const base = { reconciler: item.reconciler, key: item.key, leased_by: item.leased_by }
    return revision ? { ...base, revision: item.revision } : base
  }
  const matches = (revision: boolean) => Object.entries(mine(revision)) as [keyof WorkRow, string | number][]
  if (outcome.again === undefined) {
    let drop = db.deleteFrom('work')
    for (const [column, value] of matches(true)) drop = drop.where(column, '=', value)
    if ((await drop.executeTakeFirst()).numDeletedRows > 0n) return
  } else {
    let later = db.updateTable('work').set({
      due_at: outcome.again,
      leased_by: '',
      leased_until: 0,
      attempts: outcome.attempts,
      last_error: outcome.error,
    })
    for (const [column, value] of matches(true)) later = later.where(column, '=', value)
    if ((await later.executeTakeFirst()).numUpdatedRows > 0n) return
  }
  const dueAt = outcome.error === '' ? outcome.now : outcome.now + afterFailureMs
  let atOnce = db
    .updateTable('work')
    .set({ due_at: dueAt, leased_by: '', leased_until: 0, last_error: outcome.error })
  for (const [column, value] of matches(false)) atOnce = atOnce.where(column, '=', value)
  await atOnce.execute()
}

/** Keeps a lease that would run out while its step is still taken. */
export const prolongLease = (db: Db, item: WorkRow, until: number) =>
  db
    .updateTable('work')
    .set({ leased_until: until })
    .where('reconciler', '=', item.reconciler)
    .where('key', '=', item.key)
    .where('leased_by', '=', item.leased_by)
    .execute()

/** Gives back every lease of a server that stops (or that is known to be dead). */
export const releaseLeases = (db: Db, by: string) =>
  db.updateTable('work').set({ leased_by: '', leased_until: 0 }).where('leased_by', '=', by).execute()

/** Gives back every lease there is: for the embedded store, which has no other server. */
export const releaseAllLeases = (db: Db) =>
  db.updateTable('work').set({ leased_by: '', leased_until: 0 }).execute()

/** Work that failed at its last attempt and is tried again, what fails longest first. */
export const failingWork = (db: Db, limit: number) =>
  db
    .selectFrom('work')
    .select(['reconciler', 'key', 'attempts', 'last_error', 'due_at'])
    .where('attempts', '>', 0)
    .orderBy('attempts', 'desc')
    .orderBy('key')
    .limit(limit)
    .execute()
