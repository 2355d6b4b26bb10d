import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
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
