import type { Generated } from 'kysely'

/** What monitors found, window by window. Times are milliseconds since 1970. */
export interface MonitorTables {
  monitor_windows: MonitorWindowRow
  monitor_series: MonitorSeriesRow
  monitor_values: MonitorValueRow
}

/** One signal in one window. */
export interface MonitorWindowRow {
  /** Key of the workspace. */
  scope: string
  monitor: string
  signal: string
  kind: string
  /** The end of the window, before offsets. */
  at: number
  /** `computed`, `no_data` or `error`. */
  outcome: string
  /** Why there is nothing; '' where there is something. */
  reason: string
}

/** One number that is followed from window to window. */
export interface MonitorSeriesRow {
  series: Generated<number>
  scope: string
  monitor: string
  signal: string
  kind: string
  metric: string
  /** '' where it is about all of them. */
  feature: string
  /** JSON of the segment in the order of its names; '' where it is about all rows. */
  segment: string
}

export interface MonitorValueRow {
  series: number
  at: number
  value: number | null
  lower: number | null
  upper: number | null
  confidence: number | null
  n: number
  reference_n: number | null
  threshold_lower: number | null
  threshold_upper: number | null
  /** `constant`, `reference`, or '' where there is none. */
  threshold_from: string
  /** 1 beyond its threshold, 0 within it, null where it was not judged. */
  breached: number | null
  provisional: number
  method: string
  note: string
}
