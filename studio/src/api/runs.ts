import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { Workspace } from './workspaces.ts'

export interface Run {
  readonly info: {
    readonly run_id: string
    readonly run_name?: string
    readonly experiment_id: string
    readonly status: string
    readonly start_time?: number
    readonly end_time?: number
    readonly user_id?: string
  }
  readonly data: {
    readonly metrics?: readonly {
      readonly key: string
      readonly value: number
      readonly step: number
      readonly timestamp: number
    }[]
    readonly params?: readonly { readonly key: string; readonly value: string }[]
    readonly tags?: readonly { readonly key: string; readonly value: string }[]
  }
}

/** A run as MLflow knows it. `isActive`: it is still logging, and looked at again every few seconds. */
export const runQuery = (workspace: Workspace, runId: string, isActive = false) =>
  queryOptions({
    queryKey: ['mlflow', workspace.id, 'run', runId],
    queryFn: async ({ signal }) =>
      (
        await call<{ run: Run }>(`${workspace.mlflow}/api/2.0/mlflow/runs/get`, {
          signal,
          query: { run_id: runId },
        })
      ).run,
    // Logging is too frequent for events.
    refetchInterval: isActive ? 3000 : false,
  })

export interface MetricPoint {
  readonly step: number
  readonly value: number
  readonly timestamp: number
}

/** A part of a history: one point, or those that lie near each other, as their mean with the least and the greatest. */
export interface HistoryPart extends MetricPoint {
  readonly min: number
  readonly max: number
  readonly points: number
}

export interface MetricHistory {
  readonly runId: string
  /** Points that were logged. */
  readonly total: number
  /** Those of them that are no number or infinite, which are in no part. */
  readonly notFinite: number
  readonly points: readonly HistoryPart[]
}

/** How many parts of a history a chart can show. */
const mostParts = 400

/** A metric of some runs; a history longer than a chart is wide in parts that leave out no point. */
export const historiesQuery = (
  workspace: Workspace,
  runIds: readonly string[],
  metric: string,
  {
    axis = 'step',
    isActive = false,
  }: { readonly axis?: 'step' | 'timestamp'; readonly isActive?: boolean } = {},
) =>
  queryOptions({
    queryKey: ['mlflow', workspace.id, 'histories', runIds, metric, axis],
    queryFn: async ({ signal }) =>
      (
        await call<{ value: readonly MetricHistory[] }>(`${workspace.id}/summarizeMetrics`, {
          method: 'POST',
          signal,
          body: { runIds, metric, axis, points: mostParts },
        })
      ).value,
    refetchInterval: isActive ? 5000 : false,
  })

export interface ArtifactFile {
  readonly path: string
  readonly is_dir: boolean
  readonly file_size?: number
}

/** Files of a run in one folder of its artifacts. */
export const artifactsQuery = (workspace: Workspace, runId: string, path: string) =>
  queryOptions({
    queryKey: ['mlflow', workspace.id, 'artifacts', runId, path],
    queryFn: async ({ signal }) =>
      (
        await call<{ files?: readonly ArtifactFile[] }>(`${workspace.mlflow}/api/2.0/mlflow/artifacts/list`, {
          signal,
          query: { run_id: runId, path: path === '' ? undefined : path },
        })
      ).files ?? [],
  })

/** Address of a file of a run. */
export const artifactUrl = (workspace: Workspace, runId: string, path: string) =>
  `${workspace.mlflow}/get-artifact?${new URLSearchParams({ run_uuid: runId, path }).toString()}`
