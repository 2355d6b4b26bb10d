import type { Json, Resource } from '../../kernel/resources/resource.ts'

/** How a run of a monitor stands; `NoData`: none of its signals had any. */
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
  readonly jobs?: Readonly<Record<string, string>>
}

/** Status of `{workspace}/providers/Twinloop/monitorRuns/{schedule}-{time}`. */
export interface MonitorRunState {
  readonly provisioningState: string
  readonly state: RunState
  readonly monitor: string
  /** The end of its windows, before offsets. */
  readonly at: string
  readonly signals: readonly SignalState[]
  readonly breached: boolean
  readonly startedAt?: string
  readonly endedAt?: string
}

/** What a run was asked: the monitor as it was then. */
export interface MonitorRunProperties {
  readonly monitor: string
  readonly definition: Json
  readonly at: string
}

export type MonitorRun = Resource<MonitorRunProperties & Json, MonitorRunState & Json>
