import type { ApprovalLinkRow } from './approval-tables.ts'
import type { Db } from './database.ts'

export const insertApprovalLinks = (db: Db, links: readonly Omit<ApprovalLinkRow, 'used_at'>[]) =>
  db
    .insertInto('approval_links')
    .values(links.map((link) => ({ ...link, used_at: 0 })))
    .execute()

export const findApprovalLink = (db: Db, hash: string): Promise<ApprovalLinkRow | undefined> =>
  db.selectFrom('approval_links').selectAll().where('hash', '=', hash).executeTakeFirst()

/** Uses a link up: true for one of those who try, once. */
export async function useApprovalLink(db: Db, hash: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('approval_links')
    .set({ used_at: now })
    .where('hash', '=', hash)
    .where('used_at', '=', 0)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Forgets links that ended before a time: until then, who opens one is told why it does not work. */
export const deleteApprovalLinks = (db: Db, endedBefore: number) =>
  db.deleteFrom('approval_links').where('expires_at', '<', endedBefore).execute()
