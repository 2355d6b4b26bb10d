import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { RunStatus } from '../../tracking-tables.ts'
import { asValue } from '../metric-points.ts'
import { selected, type RunSelection } from '../search-runs.ts'

/** A run as one of several that tried the same with other parameters. */
export interface TrialRow {
  readonly key: number
  readonly runId: string
  readonly name: string
  readonly status: RunStatus
  readonly startTime: number
  readonly endTime: number | null
  /** Last value of the metric; NaN if it was none, undefined if it was never logged. */
  readonly value: number | undefined
}

/** The first `most` of the runs, in the order in which they started. */
export async function trialsOf(
  db: Db,
  selection: RunSelection,
  { metric, most }: { readonly metric: string; readonly most: number },
): Promise<readonly TrialRow[]> {
  if (selection.experiments.length === 0) return []
  const rows = await firstRuns(db, selection, most)
    .leftJoin('metric_series as v', (join) => join.onRef('v.run', '=', 'runs.key').on('v.name', '=', metric))
    .select([
      'runs.key',
      'runs.run_id',
      'runs.name',
      'runs.status',
      'runs.start_time',
      'runs.end_time',
      'v.value',
      'v.is_nan',
    ])
    .execute()
  return rows.map(({ key, run_id, name, status, start_time, end_time, value, is_nan }) => ({
    key,
    runId: run_id,
    name,
    status,
    startTime: start_time,
    endTime: end_time,
    value: value === null || is_nan === null ? undefined : asValue({ value, is_nan }),
  }))
}

/** What the same runs were run with: by name, by the run's key. */
export async function trialParams(
  db: Db,
  selection: RunSelection,
  most: number,
): Promise<ReadonlyMap<string, ReadonlyMap<number, string>>> {
  const params = new Map<string, Map<number, string>>()
  if (selection.experiments.length === 0) return params
  const rows = await db
    .selectFrom('run_params')
    .select(['run', 'name', 'value'])
    .where('run', 'in', firstRuns(db, selection, most).select('runs.key'))
    .execute()
  for (const { run, name, value } of rows) {
    const values = params.get(name) ?? new Map<number, string>()
    params.set(name, values.set(run, value))
  }
  return params
}

const firstRuns = (db: Db, selection: RunSelection, most: number) =>
  db.selectFrom('runs').where(selected(selection)).orderBy('runs.start_time').orderBy('runs.key').limit(most)

/** Runs nested below one, by their status. */
export interface Nested {
  readonly parent: string
  readonly status: RunStatus
  readonly runs: number
}

/** How many active runs of the experiments are nested below each of the runs, which are named by their ids. */
export async function nestedBelow(
  db: Db,
  experiments: readonly number[],
  parents: readonly string[],
): Promise<readonly Nested[]> {
  if (experiments.length === 0 || parents.length === 0) return []
  const rows = await db
    .selectFrom('run_tags as t')
    .innerJoin('runs', 'runs.key', 't.run')
    .where('t.name', '=', 'mlflow.parentRunId')
    // As the index has it.
    .where(
      sql<string>`substr(t.value, 1, ${sql.lit(64)})`,
      'in',
      parents.map((id) => id.slice(0, 64)),
    )
    .where('t.value', 'in', parents)
    .where('runs.experiment', 'in', experiments)
    .where('runs.lifecycle', '=', 'active')
    .groupBy(['t.value', 'runs.status'])
    .select(({ fn }) => ['t.value', 'runs.status', fn.countAll<number | string>().as('runs')])
    .execute()
  return rows.map(({ value, status, runs }) => ({ parent: value, status, runs: Number(runs) }))
}
