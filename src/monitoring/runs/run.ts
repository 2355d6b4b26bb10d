import type { Actor } from '../../kernel/access/access.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'

/** How a run of a monitor stands. `Failed`: none of its signals could be looked at. */
export type RunState = 'Running' | 'Completed' | 'Failed' | 'Canceled'

/** What a run found of one signal, for lists; every value is in the results, and the details in a file. */
export interface SignalState {
  readonly name: string
  readonly kind: string
  readonly outcome: 'waiting' | 'running' | 'computed' | 'no_data' | 'error'
  /** Why it has no data, or what went wrong. */
  readonly reason?: string
  readonly doing?: string
  readonly state?: Json
  /** Values that were judged, and those beyond their threshold. */
  readonly judged?: number
  readonly breached?: number
  /** Of the values beyond their thresholds, the one farthest beyond, in words. */
  readonly worst?: string
  readonly notes?: readonly string[]
  readonly production?: {
    readonly rows: number
    readonly from?: string
    readonly to?: string
    readonly labelled?: number
  }
  readonly reference?: { readonly rows: number }
  /** Path of its details below the workspace's artifacts. */
  readonly details?: string
  /** Ids of the jobs that it made, by what it calls them. */
  readonly jobs?: Readonly<Record<string, string>>
  /** Counts how often it was computed, where that was more than once. */
  readonly attempt?: number
  /** Values that may change, since labels are still to come. */
  readonly provisional?: number
  /** False: computed and kept, and nobody is told. */
  readonly alertEnabled: boolean
}

/** Status of `{workspace}/providers/Twinloop/monitorRuns/{schedule}-{time}`. */
export interface MonitorRunState {
  readonly provisioningState: string
  readonly state: RunState
  readonly monitor: string
  /** The end of its windows, before offsets. */
  readonly at: string
  readonly signals: readonly SignalState[]
  /** True if a signal of which people are told is beyond a threshold. */
  readonly breached: boolean
  /** Why it failed or was cancelled. */
  readonly reason?: string
  /** Asked for, and not done yet. */
  readonly cancelling?: { readonly by: string }
  /** Under whose rights data are read and jobs are made. */
  readonly owner: Pick<Actor, 'id' | 'name' | 'kind'>
  /** As Azure ML tags the runs of monitors that found something. */
  readonly tags?: Readonly<Record<string, string>>
  readonly startedAt?: string
  readonly endedAt?: string
}

/** What a run was asked: the monitor as it was then. */
export interface MonitorRunProperties {
  readonly monitor: string
  /** Azure's `monitorDefinition`, completed. */
  readonly definition: Json
  /** Where its windows end, before offsets: an ISO time. */
  readonly at: string
  /** How often the monitor is due, in ms. */
  readonly periodMs: number
  /** True for a window of the past that was asked for: those that are due go first. */
  readonly backfill?: boolean
}

export type MonitorRun = Resource<MonitorRunProperties & Json, MonitorRunState & Json>
export const asRun = (resource: Resource): MonitorRun => resource as unknown as MonitorRun

export const ownerOfRun = ({ status }: MonitorRun): Actor => ({ ...status.owner, confinedTo: '' })

/** Name of the reconciler of runs, by which it is woken. */
export const runsReconciler = 'monitoring/runs'

/** Job property by which the end of a job finds the run that waits for it. */
export const runProperty = 'twinloop.monitorRun'

/** Seconds are as fine as runs are told apart: `{monitor}-20260131T101500Z`. */
export const runNameOf = (monitor: string, at: Date): string =>
  `${monitor}-${at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '')}`

/** A signal that is not to be looked at any more in this run. */
export const hasSettled = ({ outcome }: Pick<SignalState, 'outcome'>): boolean =>
  outcome !== 'waiting' && outcome !== 'running'
