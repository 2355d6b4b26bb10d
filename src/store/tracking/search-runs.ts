import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Db } from '../database.ts'
import type { Lifecycle } from '../tracking-tables.ts'
import { holds, orderBy, type Owner } from './compile.ts'
import type { Condition, Ordering } from './filter.ts'
import { selectRuns, type RunInfo } from './runs.ts'

/** Which runs are meant. */
export interface RunSelection {
  /** Keys of the experiments. */
  readonly experiments: readonly number[]
  readonly lifecycles: readonly Lifecycle[]
  readonly conditions: readonly Condition[]
}

export interface RunSearch extends RunSelection {
  readonly orderings: readonly Ordering[]
  readonly limit: number
  readonly after?: RunPosition | undefined
}

/** Where the former page ended: the last run's place in the natural order, or for any other order how many came before. */
export type RunPosition = { readonly startTime: number; readonly runId: string } | { readonly offset: number }

const owner: Owner = {
  table: 'runs',
  columns: {
    run_id: 'run_id',
    run_name: 'name',
    status: 'status',
    user_id: 'user_id',
    artifact_uri: 'artifact_uri',
    start_time: 'start_time',
    end_time: 'end_time',
  },
  tags: ['run_tags', 'run'],
  params: ['run_params', 'run'],
  metrics: ['metric_series', 'run'],
}

/**
 * One page of runs and where the next begins, undefined after the last. Ties are broken by the latest start, then
 * by id; this natural order is walked by its index, so that no page costs more than the first.
 */
export async function searchRuns(
  db: Db,
  search: RunSearch,
): Promise<{ readonly runs: readonly RunInfo[]; readonly next: RunPosition | undefined }> {
  if (search.experiments.length === 0) return { runs: [], next: undefined }
  const natural = isNatural(search.orderings)
  let query = selectRuns(db).where(selected(search))
  if (!natural) for (const term of orderBy(owner, search.orderings)) query = query.orderBy(term)
  query = query.orderBy('runs.start_time', 'desc').orderBy('runs.run_id')
  const { after } = search
  if (after !== undefined && 'offset' in after) query = query.offset(after.offset)
  else if (after !== undefined)
    query = query.where((eb) =>
      eb.and([
        eb('runs.start_time', '<=', after.startTime),
        eb.or([eb('runs.start_time', '<', after.startTime), eb('runs.run_id', '>', after.runId)]),
      ]),
    )
  const found = await query.limit(search.limit + 1).execute()
  const runs = found.slice(0, search.limit)
  const last = runs.at(-1)
  if (found.length <= search.limit || last === undefined) return { runs, next: undefined }
  const before = after !== undefined && 'offset' in after ? after.offset : 0
  return {
    runs,
    next: natural ? { startTime: last.start_time, runId: last.run_id } : { offset: before + runs.length },
  }
}

/** The selection as a condition on the table `runs`; not for one without experiments. */
export const selected = ({ experiments, lifecycles, conditions }: RunSelection): RawBuilder<SqlBool> =>
  sql.join(
    [
      sql`runs.experiment in (${sql.join(experiments)})`,
      sql`runs.lifecycle in (${sql.join(lifecycles)})`,
      ...conditions.map((condition) => holds(owner, condition)),
    ],
    sql` and `,
  )

/** Whether the orderings ask for what is the natural order anyway. */
const isNatural = (orderings: readonly Ordering[]) =>
  orderings.length === 0 ||
  (orderings.length === 1 &&
    orderings[0]?.descending === true &&
    orderings[0].field.kind === 'attribute' &&
    orderings[0].field.key === 'start_time')
