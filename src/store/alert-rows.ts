import type { AlertGroupRow, AlertStateRow } from './alert-tables.ts'
import type { Db } from './database.ts'

export async function findAlertState(db: Db, rule: string): Promise<AlertStateRow | undefined> {
  return db.selectFrom('alert_states').selectAll().where('rule', '=', rule).executeTakeFirst()
}

/** The states of all rules, or of those of one workspace. */
export async function listAlertStates(db: Db, scope?: string): Promise<readonly AlertStateRow[]> {
  const query = db.selectFrom('alert_states').selectAll().orderBy('rule')
  return (scope === undefined ? query : query.where('scope', '=', scope)).execute()
}

/**
 * Keeps a state in place of the one with the version before it (0: there was none). False, and nothing is written, if
 * somebody was faster.
 */
export async function saveAlertState(db: Db, { version: before, ...row }: AlertStateRow): Promise<boolean> {
  const next = { ...row, version: before + 1 }
  if (before === 0) {
    const made = await db
      .insertInto('alert_states')
      .values(next)
      .onConflict((c) => c.column('rule').doNothing())
      .executeTakeFirst()
    return (made.numInsertedOrUpdatedRows ?? 0n) > 0n
  }
  const written = await db
    .updateTable('alert_states')
    .set(next)
    .where('rule', '=', row.rule)
    .where('version', '=', before)
    .executeTakeFirst()
  return written.numUpdatedRows > 0n
}

/** Says that the incidents say what the state of this version does. */
export async function settleAlertState(db: Db, rule: string, version: number): Promise<void> {
  await db
    .updateTable('alert_states')
    .set({ settled: 1 })
    .where('rule', '=', rule)
    .where('version', '=', version)
    .execute()
}

/** Makes a rule due at once: whoever evaluates it meanwhile evaluates it again. */
export async function hastenAlertState(db: Db, rule: string): Promise<void> {
  await db
    .updateTable('alert_states')
    .set((e) => ({ next_at: 0, version: e('version', '+', 1) }))
    .where('rule', '=', rule)
    .execute()
}

export const deleteAlertState = (db: Db, rule: string) =>
  db.deleteFrom('alert_states').where('rule', '=', rule).execute()

/** The next number of an incident of a workspace, from 1. In a transaction that fails it is given out again. */
export async function nextIncidentNumber(db: Db, scope: string): Promise<number> {
  await db
    .insertInto('incident_numbers')
    .values({ scope, last: 1 })
    .onConflict((c) => c.column('scope').doUpdateSet((e) => ({ last: e('incident_numbers.last', '+', 1) })))
    .execute()
  const { last } = await db
    .selectFrom('incident_numbers')
    .select('last')
    .where('scope', '=', scope)
    .executeTakeFirstOrThrow()
  return last
}

export const listAlertGroups = (db: Db, routing: string): Promise<AlertGroupRow[]> =>
  db.selectFrom('alert_groups').selectAll().where('routing', '=', routing).orderBy('key').execute()

export async function saveAlertGroup(db: Db, row: AlertGroupRow): Promise<void> {
  await db
    .insertInto('alert_groups')
    .values(row)
    .onConflict((c) => c.columns(['routing', 'key']).doUpdateSet({ state: row.state }))
    .execute()
}

export async function deleteAlertGroup(db: Db, routing: string, key?: string): Promise<void> {
  const query = db.deleteFrom('alert_groups').where('routing', '=', routing)
  await (key === undefined ? query : query.where('key', '=', key)).execute()
}
