import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { Run } from './runs.ts'
import type { Workspace } from './workspaces.ts'

export interface Experiment {
  readonly experiment_id: string
  readonly name: string
  readonly lifecycle_stage: string
  readonly creation_time?: number
  readonly last_update_time?: number
}

interface Paged {
  readonly next_page_token?: string
}

/** All experiments that are not deleted, the last used first. */
export const experimentsQuery = (workspace: Workspace) =>
  queryOptions({
    queryKey: ['mlflow', workspace.id, 'experiments'],
    queryFn: async ({ signal }) => {
      const all: Experiment[] = []
      let token: string | undefined
      do {
        const page: Paged & { experiments?: readonly Experiment[] } = await call(
          `${workspace.mlflow}/api/2.0/mlflow/experiments/search`,
          {
            method: 'POST',
            signal,
            body: {
              max_results: 1000,
              order_by: ['last_update_time DESC'],
              ...(token === undefined ? {} : { page_token: token }),
            },
          },
        )
        all.push(...(page.experiments ?? []))
        token = page.next_page_token
      } while (token !== undefined && token !== '')
      return all
    },
    // Runs of other programs tell of nothing by events.
    refetchInterval: 30_000,
  })

/** So many runs of an experiment are shown; a filter of the server's finds the others. */
export const mostRuns = 5000
const pageSize = 1000

/** The newest runs of an experiment, by MLflow's own filter where one is given. */
export const runsQuery = (workspace: Workspace, experiment: string, filter: string) =>
  queryOptions({
    queryKey: ['mlflow', workspace.id, 'runs', experiment, filter],
    queryFn: async ({ signal }) => {
      const all: Run[] = []
      let token: string | undefined
      do {
        const page: Paged & { runs?: readonly Run[] } = await call(
          `${workspace.mlflow}/api/2.0/mlflow/runs/search`,
          {
            method: 'POST',
            signal,
            body: {
              experiment_ids: [experiment],
              max_results: pageSize,
              order_by: ['attributes.start_time DESC'],
              ...(filter === '' ? {} : { filter }),
              ...(token === undefined ? {} : { page_token: token }),
            },
          },
        )
        all.push(...(page.runs ?? []))
        token = page.next_page_token
      } while (token !== undefined && token !== '' && all.length < mostRuns)
      return { runs: all, isAll: token === undefined || token === '' }
    },
    refetchInterval: 15_000,
  })
