import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Importances } from '../../../src/tracking/trials/importance.ts'
import { call } from './call.ts'
import { keyOf } from './queries.ts'
import { runsSource, type ListedRun, type RunFilter } from './runs-list.ts'
import type { ListOrder, ServerSource } from './server-source.ts'
import type { Workspace } from './workspaces.ts'

/** Trials come in while they are looked at. */
const everyMs = 15_000
/** So many points can be told apart in a chart. */
const mostPoints = 600

/** Runs as tries of one search, judged by a metric. */
export interface Judging {
  readonly filter: RunFilter
  readonly metric: string
  readonly goal: 'Maximize' | 'Minimize'
}

/** One of them, by the number in which they started. */
export interface Trial {
  readonly number: number
  readonly runId: string
  readonly name: string
  readonly status: string
  readonly startTime: number
  readonly endTime: number | null
  /** What it is ranked by; null if it has not finished with a number. */
  readonly value: number | null
  /** Better than all before it. */
  readonly isRecord: boolean
  readonly params: Readonly<Record<string, string>>
}

export interface Trials {
  /** False if there are more than were looked at. */
  readonly isWhole: boolean
  readonly count: number
  readonly statuses: Readonly<Record<string, number>>
  readonly ranked: number
  readonly best: Trial | null
  /** All, or evenly some of them and every record. */
  readonly trials: readonly Trial[]
  readonly importance: Importances & { readonly trials: number; readonly fewestTrials: number }
}

const bodyOf = ({ metric, goal, filter }: Judging) => ({
  experimentIds: filter.experiments,
  filter: `tags.\`mlflow.parentRunId\` = '${filter.parent.replaceAll("'", '')}'`,
  metric,
  goal,
})

/** The trials of a search as a whole, the best so far by when they `started` or `ended`. */
export const trialsQuery = (workspace: Workspace, judging: Judging, by: 'started' | 'ended') =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/jobs'] }, 'trials', workspace.id, judging, by),
    // Over another axis the same trials are shown, until the other records have come.
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call<Trials>(`${workspace.id}/summarizeTrials`, {
        method: 'POST',
        signal,
        body: { ...bodyOf(judging), by, points: mostPoints, parameters: true },
      }),
    refetchInterval: everyMs,
  })

/** A trial in the leaderboard. */
export interface RankedRun extends ListedRun {
  /** Undefined if it has not finished with a number. */
  readonly rank: number | undefined
  readonly number: number | undefined
}

interface Ranks {
  readonly ranks: readonly { readonly runId: string; readonly number: number; readonly rank: number | null }[]
}

/** The trials that stay on the server, page by page in any order, each with its rank. */
export function rankedSource(
  workspace: Workspace,
  order: ListOrder,
  judging: Judging,
): ServerSource<RankedRun> {
  const { metric, goal } = judging
  const byRank = { column: `metric.${metric}`, descending: (goal === 'Maximize') !== order.descending }
  const source = runsSource(workspace, order.column === 'rank' ? byRank : order, judging.filter)
  return {
    ...source,
    key: JSON.stringify([source.key, metric, goal]),
    page: (snapshot, page) => {
      const rows = source.page(snapshot, page)
      return {
        ...rows,
        queryKey: [...rows.queryKey, 'ranked by', metric, goal],
        queryFn: async (context) => {
          const runs = await rows.queryFn(context)
          const { ranks } = await call<Ranks>(`${workspace.id}/summarizeTrials`, {
            method: 'POST',
            signal: context.signal,
            body: { ...bodyOf(judging), points: 0, ranks: runs.map(({ info }) => info.run_id) },
          })
          const of = new Map(ranks.map((one) => [one.runId, one]))
          return runs.map((run) => {
            const { rank, number } = of.get(run.info.run_id) ?? {}
            return { ...run, rank: rank ?? undefined, number }
          })
        },
      }
    },
  }
}
