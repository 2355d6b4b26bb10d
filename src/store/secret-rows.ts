import type { Db } from './database.ts'

export const readSecret = async (db: Db, name: string): Promise<string | undefined> =>
  (await db.selectFrom('secrets').select('value').where('name', '=', name).executeTakeFirst())?.value

export const writeSecret = (db: Db, name: string, value: string, now: number) =>
  db
    .insertInto('secrets')
    .values({ name, value, modified_at: now })
    .onConflict((c) => c.column('name').doUpdateSet({ value, modified_at: now }))
    .execute()

export const deleteSecret = (db: Db, name: string) =>
  db.deleteFrom('secrets').where('name', '=', name).execute()
