import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import { selected, type RunSelection } from '../search-runs.ts'

/** How many runs there are, and when the last of them started. */
export interface RunCount {
  readonly count: number
  /** Milliseconds since 1970; undefined where there is none. */
  readonly newest: number | undefined
}

export async function countRuns(db: Db, selection: RunSelection): Promise<RunCount> {
  if (selection.experiments.length === 0) return { count: 0, newest: undefined }
  const found = await db
    .selectFrom('runs')
    .where(selected(selection))
    .select((eb) => [
      eb.fn.countAll<number | string>().as('count'),
      eb.fn.max<number | null>('start_time').as('newest'),
    ])
    .executeTakeFirstOrThrow()
  return { count: Number(found.count), newest: found.newest === null ? undefined : found.newest }
}

/** A name under which runs logged something. */
export interface LoggedName {
  readonly name: string
  /** How many of the runs have it. */
  readonly runs: number
  /** Whether they differ in it: they have different values, or some have none. */
  readonly varies: boolean
}

export interface LoggedNames {
  /** How many runs were looked at. */
  readonly runs: number
  readonly metrics: readonly LoggedName[]
  readonly params: readonly LoggedName[]
  readonly tags: readonly LoggedName[]
}

/** Under which names the newest `most` of the runs logged something, by name. */
export async function loggedNames(db: Db, selection: RunSelection, most: number): Promise<LoggedNames> {
  if (selection.experiments.length === 0) return { runs: 0, metrics: [], params: [], tags: [] }
  const newest = db
    .selectFrom('runs')
    .where(selected(selection))
    .select('runs.key')
    .orderBy('runs.start_time', 'desc')
    .orderBy('runs.run_id')
    .limit(most)
  const keys = (await newest.execute()).map(({ key }) => key)
  const names = async (table: 'metric_series' | 'run_params' | 'run_tags') => {
    const rows = await db
      .selectFrom(table)
      .where('run', 'in', newest)
      .groupBy('name')
      .select((eb) => [
        'name',
        eb.fn.countAll<number | string>().as('runs'),
        sql<number>`case when min(value) = max(value) then 1 else 0 end`.as('same'),
      ])
      .orderBy('name')
      .execute()
    return rows.map(({ name, runs, same }) => ({
      name,
      runs: Number(runs),
      varies: same === 0 || Number(runs) < keys.length,
    }))
  }
  return {
    runs: keys.length,
    metrics: await names('metric_series'),
    params: await names('run_params'),
    tags: await names('run_tags'),
  }
}
