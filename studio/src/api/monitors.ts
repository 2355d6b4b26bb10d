import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { keyOf } from './queries.ts'
import type { Page } from './resource.ts'
import type { Workspace } from './workspaces.ts'

/** A monitor as its latest window has it. */
export interface MonitorSummary {
  readonly name: string
  readonly displayName?: string
  readonly enabled: boolean
  readonly watches?: string
  readonly verdict: string
  readonly judged: number
  readonly breached: number
  readonly worst?: string
  readonly signals: readonly {
    readonly name: string
    readonly kind: string
    readonly outcome: string
    readonly breached: number
    readonly judged: number
  }[]
  readonly lastRun?: { readonly name: string; readonly at: string; readonly state: string }
  readonly running: number
  readonly nextRun?: string
  readonly problem?: string
}

const watched = { types: ['workspaces/schedules', 'monitorRuns'] }

/** Every monitor of a workspace, by name. */
export const monitorsQuery = (workspace: Workspace) =>
  queryOptions({
    queryKey: keyOf(watched, 'monitors', workspace.id),
    queryFn: async ({ signal }) =>
      (
        await call<Page<MonitorSummary>>(`${workspace.id}/monitorSummaries`, {
          method: 'POST',
          body: {},
          signal,
        })
      ).value,
  })

/** One value over time, newest first, with what it was held against. */
export interface MonitorSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly windows: readonly {
    readonly at: string
    readonly value: number | null
    readonly breached?: boolean
    readonly provisional?: boolean
    readonly n?: number
    readonly threshold?: { readonly lower?: number; readonly upper?: number }
  }[]
}

/** The values of a monitor in its last hundred windows. */
export const monitorResultsQuery = (workspace: Workspace, monitor: string) =>
  queryOptions({
    queryKey: keyOf(watched, 'monitor-results', workspace.id, monitor),
    queryFn: async ({ signal }) =>
      (
        await call<Page<MonitorSeries>>(`${workspace.id}/monitorResults`, {
          method: 'POST',
          body: { monitor, windows: 100 },
          signal,
        })
      ).value,
  })
