import type { Selectable } from 'kysely'
import type { Db } from '../database.ts'
import type { Lifecycle, RunRow, RunStatus } from '../tracking-tables.ts'
import { setRunTags, type NameValue } from './log.ts'

export type RunInfo = Selectable<RunRow> & {
  /** Number of its experiment. */
  readonly experiment_number: number
}

export interface NewRun {
  readonly scope: string
  readonly runId: string
  /** Key of the experiment. */
  readonly experiment: number
  readonly name: string
  readonly userId: string
  readonly startTime: number
  readonly artifactUri: string
  readonly status?: RunStatus
  readonly tags?: readonly NameValue[]
}

/** Starts a run with its tags; false if the workspace has a run of that id, which then stays as it is. */
export async function createRun(db: Db, run: NewRun): Promise<boolean> {
  const created = await db
    .insertInto('runs')
    .values({
      scope: run.scope,
      run_id: run.runId,
      experiment: run.experiment,
      name: run.name,
      user_id: run.userId,
      status: run.status ?? 'RUNNING',
      start_time: run.startTime,
      end_time: null,
      artifact_uri: run.artifactUri,
      lifecycle: 'active',
    })
    .onConflict((c) => c.doNothing())
    .returning('key')
    .executeTakeFirst()
  if (created === undefined) return false
  const tags = new Map((run.tags ?? []).map((t) => [t.name, t.value]))
  await setRunTags(
    db,
    [...tags].map(([name, value]) => [created.key, name, value] as const),
  )
  return true
}

export function findRun(db: Db, scope: string, runId: string): Promise<RunInfo | undefined> {
  return selectRuns(db).where('runs.scope', '=', scope).where('runs.run_id', '=', runId).executeTakeFirst()
}

/** Those of the runs that there are, in no particular order. */
export async function findRuns(
  db: Db,
  scope: string,
  runIds: readonly string[],
): Promise<readonly RunInfo[]> {
  if (runIds.length === 0) return []
  return selectRuns(db).where('runs.scope', '=', scope).where('runs.run_id', 'in', runIds).execute()
}

export function selectRuns(db: Db) {
  return db
    .selectFrom('runs')
    .innerJoin('experiments', 'experiments.key', 'runs.experiment')
    .selectAll('runs')
    .select('experiments.number as experiment_number')
}

export interface RunChange {
  readonly status?: RunStatus | undefined
  readonly endTime?: number | null | undefined
  readonly startTime?: number | undefined
  readonly name?: string | undefined
  readonly lifecycle?: Lifecycle
}

export async function updateRun(db: Db, key: number, change: RunChange): Promise<void> {
  const set = {
    ...(change.status === undefined ? {} : { status: change.status }),
    ...(change.endTime === undefined ? {} : { end_time: change.endTime }),
    ...(change.startTime === undefined ? {} : { start_time: change.startTime }),
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.lifecycle === undefined ? {} : { lifecycle: change.lifecycle }),
  }
  if (Object.keys(set).length > 0) await db.updateTable('runs').set(set).where('key', '=', key).execute()
}

/** False if there was no such tag. */
export async function deleteRunTag(db: Db, key: number, name: string): Promise<boolean> {
  const result = await db
    .deleteFrom('run_tags')
    .where('run', '=', key)
    .where('name', '=', name)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

export async function runTag(db: Db, key: number, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('run_tags')
    .select('value')
    .where('run', '=', key)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value
}
