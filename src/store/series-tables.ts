import type { Generated } from 'kysely'

/** Measurements over time, summed up by minute, hour and day. Times are milliseconds since 1970. */
export interface SeriesTables {
  series: SeriesRow
  series_points: SeriesPointRow
}

export interface SeriesRow {
  series: Generated<number>
  /** Key of the workspace that it is about; '' for the installation as a whole. */
  scope: string
  /** As Prometheus would name it, unit included, e.g. `process_cpu_seconds_total`. */
  name: string
  /** JSON of the labels in the order of their names, so that equal labels are equal text. */
  labels: string
  kind: 'gauge' | 'counter' | 'histogram'
}

export interface SeriesPointRow {
  series: number
  /** Length of the interval, in ms. */
  step: number
  /** Its beginning. */
  at: number
  /** Values in it; of a counter, times that it was read. */
  count: number
  /** Of a counter, by how much it grew. */
  sum: number
  min: number
  max: number
  last: number
  /** When that was. */
  last_at: number
  /** Of a histogram: JSON of counts by bucket (`statistics/latency/log-buckets.ts`); '' otherwise. */
  buckets: string
}
