import { queryOptions } from '@tanstack/react-query'
import { frozenAt } from './frozen.ts'
import { call } from './call.ts'
import { keyOf } from './queries.ts'
import type { Page, Resource } from './resource.ts'
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
  readonly features: {
    readonly judged: number
    readonly breached: number
    readonly worst?: { readonly feature: string; readonly signal: string; readonly metric: string }
  }
  readonly labels?: { readonly share: number; readonly lagMs?: number }
  readonly references: readonly string[]
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

export type Segment = Readonly<Record<string, string>>

/** A value in one window, and what it was held against. */
export interface MonitorWindow {
  readonly at: string
  readonly value: number | null
  readonly breached?: boolean
  readonly provisional?: boolean
  readonly n?: number
  readonly referenceN?: number
  /** Why there is no value, or what is to be known of it. */
  readonly reason?: string
  readonly threshold?: { readonly lower?: number; readonly upper?: number; readonly from: string }
  readonly interval?: { readonly lower: number; readonly upper: number; readonly confidence: number }
  /** What the value is between rows of one distribution in these numbers. */
  readonly chance?: { readonly mean: number; readonly q999: number }
}

/** One value over time, newest first. */
export interface MonitorSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly signal: string
  readonly kind: string
  readonly metric: string
  readonly feature?: string
  readonly segment?: Segment
  readonly windows: readonly MonitorWindow[]
}

/** Which values of a monitor, and of how many windows. */
export interface ResultsAsked {
  readonly signal?: string
  readonly metric?: string
  readonly where?: Readonly<Record<string, string>>
  readonly windows: number
  /** False: only of all rows. */
  readonly segments?: boolean
  /** True: only what has a threshold. */
  readonly judged?: boolean
  /** With what distances are by chance. */
  readonly chance?: boolean
}

/** Windows end where the address has times end. */
const untilThen = () => {
  const at = frozenAt()
  return at === undefined ? {} : { to: new Date(at).toISOString() }
}

export const resultsQuery = (workspace: Workspace, monitor: string, asked: ResultsAsked) =>
  queryOptions({
    queryKey: keyOf(watched, 'monitor-results', workspace.id, monitor, asked, frozenAt()),
    queryFn: async ({ signal }) =>
      (
        await call<Page<MonitorSeries>>(`${workspace.id}/monitorResults`, {
          method: 'POST',
          body: { monitor, ...untilThen(), ...asked },
          signal,
        })
      ).value,
  })

/** What a run found of one signal. */
export interface SignalOfRun {
  readonly name: string
  readonly kind: string
  readonly outcome: string
  readonly reason?: string
  readonly doing?: string
  readonly judged?: number
  readonly breached?: number
  readonly provisional?: number
  readonly worst?: string
  readonly notes?: readonly string[]
  readonly production?: {
    readonly rows: number
    readonly from?: string
    readonly to?: string
    readonly labelled?: number
  }
  readonly reference?: { readonly rows: number }
}

export type MonitorRun = Resource<{
  readonly monitor: string
  readonly at: string
  readonly state: string
  readonly signals: readonly SignalOfRun[]
  readonly breached: boolean
  readonly backfill?: boolean
  readonly reason?: string
  readonly startedAt?: string
  readonly endedAt?: string
}>

/** Id of the run of the window that ends at a time. */
export const runId = (workspace: Workspace, monitor: string, at: string): string =>
  `${workspace.id}/providers/Twinloop/monitorRuns/${monitor}-${at.replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '')}`

/** The windows of a monitor that were computed, or are being, the latest first. */
export const runsQuery = (workspace: Workspace, monitor: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['monitorRuns'] }, 'monitor-runs', workspace.id, monitor),
    queryFn: async ({ signal }) =>
      (
        await call<Page<MonitorRun>>(`${workspace.id}/providers/Twinloop/monitorRuns`, {
          query: { monitor, $top: '1000' },
          signal,
        })
      ).value.toSorted((a, b) => b.properties.at.localeCompare(a.properties.at)),
  })

/** How many rows of a side there are, with and without a value. */
export interface SideCounts {
  readonly rows: number
  readonly n: number
  readonly missing: number
  readonly from?: string
  readonly to?: string
}

/** A feature in a window and in its reference, over the same bins or categories. */
export interface Distribution {
  readonly of: 'rows' | 'kept'
  readonly note?: string
  readonly feature: string
  readonly kind: 'numerical' | 'categorical'
  readonly reference: SideCounts
  readonly production: SideCounts
  /** Counts below the first edge, in each `[a, b)`, and from the last edge on. */
  readonly bins?: {
    readonly edges: readonly number[]
    readonly reference: readonly number[]
    readonly production: readonly number[]
  }
  readonly quantiles?: { readonly reference: readonly number[]; readonly production: readonly number[] }
  readonly categories?: readonly {
    readonly name: string
    readonly reference: number
    readonly production: number
  }[]
  readonly others?: { readonly categories: number; readonly reference: number; readonly production: number }
  readonly unseen?: {
    readonly rows: number
    readonly categories: number
    readonly examples: readonly string[]
  }
}

interface About {
  readonly signal: string
  readonly feature: string
  readonly segment?: Segment
}

export const distributionQuery = (run: string, about: About) =>
  queryOptions({
    queryKey: keyOf({ types: ['monitorRuns'], id: run }, 'distribution', about),
    queryFn: ({ signal }) =>
      call<Distribution>(`${run}/distribution`, { method: 'POST', body: about, signal }),
    staleTime: 300_000,
  })

/** Which rows: of a bin, of a category, without a value, or with one that the reference has not. */
export interface Behind {
  readonly from?: number
  readonly to?: number
  readonly values?: readonly string[]
  readonly missing?: boolean
  readonly unseen?: boolean
}

export interface RowsBehind {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
  readonly total: number
  readonly truncated: boolean
}

export const rowsQuery = (run: string, about: About, behind: Behind, top: number) =>
  queryOptions({
    queryKey: keyOf({ types: ['monitorRuns'], id: run }, 'rows', about, behind, top),
    queryFn: ({ signal }) =>
      call<RowsBehind>(`${run}/rows`, { method: 'POST', body: { ...about, ...behind, top }, signal }),
    staleTime: 300_000,
  })

const scheduleOf = (workspace: Workspace, monitor: string) => `${workspace.id}/schedules/${monitor}`

/** Computes the window that ends now, beside the monitor's times. */
export const runNow = (workspace: Workspace, monitor: string) =>
  call(`${scheduleOf(workspace, monitor)}/trigger`, {
    method: 'POST',
    body: { scheduleTime: new Date().toISOString() },
  })

/** Computes what would have been due between two times; answers with the names of the runs that it made. */
export const backfill = async (workspace: Workspace, monitor: string, from: string, to: string) =>
  (
    await call<{ readonly made: readonly string[] }>(`${scheduleOf(workspace, monitor)}/backfill`, {
      method: 'POST',
      body: { from, to },
    })
  ).made

/** Switches a monitor's times on or off; windows can still be asked for. */
export const setEnabled = (workspace: Workspace, monitor: string, isEnabled: boolean) =>
  call(scheduleOf(workspace, monitor), { method: 'PATCH', body: { properties: { isEnabled } } })

export const retryRun = (run: string) => call(`${run}/retry`, { method: 'POST', body: {} })
export const cancelRun = (run: string) => call(`${run}/cancel`, { method: 'POST' })
