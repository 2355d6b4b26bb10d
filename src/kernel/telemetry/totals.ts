import { addBuckets, type LogBuckets } from '../../statistics/latency/log-buckets.ts'
import type { Line, Sample } from './series.ts'

/** What a series comes to since this server started: of a gauge the last value, of a counter and a distribution all of it. */
export interface Total extends Pick<Line, 'name' | 'scope' | 'labels' | 'kind'> {
  /** When it was measured last. */
  readonly at: Date
  /** Of a gauge its value, of a counter its growth, of a distribution the sum of its values. */
  readonly value: number
  /** Of a distribution. */
  readonly buckets?: LogBuckets
}

/** More series than this are not kept; who has as many reads them from the store. */
const most = 20_000

/** Sums up measurements as Prometheus wants them of a process: counters that only grow. */
export function createTotals(): {
  add(at: Date, samples: readonly Sample[]): void
  /** Everything that was measured since a time, by name, scope and labels. */
  since(from: Date): readonly Total[]
} {
  const totals = new Map<string, Total>()
  return {
    add(at, samples) {
      for (const sample of samples) {
        const { name, scope = '', labels = {}, kind } = sample
        const key = JSON.stringify([name, scope, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))])
        const before = totals.get(key)
        if (before === undefined && totals.size >= most) continue
        totals.set(key, { name, scope, labels, kind, at, ...added(before, sample) })
      }
    },
    since: (from) =>
      [...totals.entries()]
        // What does not change is what a counter may do for long: only gauges are forgotten.
        .filter(([, { kind, at }]) => kind !== 'gauge' || at >= from)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, total]) => total),
  }
}

function added(before: Total | undefined, sample: Sample): Pick<Total, 'value' | 'buckets'> {
  if (sample.kind === 'gauge') return { value: sample.value }
  const value = before?.value ?? 0
  if (sample.kind === 'counter') return { value: value + sample.growth }
  return { value: value + sample.sum, buckets: addBuckets(before?.buckets ?? {}, sample.buckets) }
}
