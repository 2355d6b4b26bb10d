import { isOver, type Measured } from '../../../api/metrics.ts'

/** Rate and errors of an endpoint, from its durations by status. */
export interface Red {
  readonly requests: number
  /** Answers of 500 and more, and those of the model's own failures. */
  readonly errors: number
  /** Requests a second, by interval. */
  readonly rates: readonly { readonly at: number; readonly value: number }[]
  /** Share of errors, by interval that had requests. */
  readonly errorShares: readonly { readonly at: number; readonly value: number }[]
}

/** Azure ML's gateway answers 424 where the model failed; what is refused (4xx) is the caller's, and no error of ours. */
export const isError = (status: string): boolean => status.startsWith('5') || status === '424'

/** Sums up what was measured by `status`; it need not be the only label. */
export function red(measured: Measured): Red {
  const { series, grainMs } = measured
  const byTime = new Map<number, { requests: number; errors: number }>()
  for (const { labels, points } of series)
    for (const { at, count = 0 } of points) {
      const sum = byTime.get(at) ?? { requests: 0, errors: 0 }
      sum.requests += count
      if (isError(labels['status'] ?? '')) sum.errors += count
      byTime.set(at, sum)
    }
  const times = [...byTime].sort(([a], [b]) => a - b)
  const whole = times.filter(([at]) => isOver(at, measured))
  return {
    requests: times.reduce((sum, [, { requests }]) => sum + requests, 0),
    errors: times.reduce((sum, [, { errors }]) => sum + errors, 0),
    rates: whole.map(([at, { requests }]) => ({ at, value: requests / (grainMs / 1000) })),
    errorShares: whole
      .filter(([, { requests }]) => requests > 0)
      .map(([at, { requests, errors }]) => ({ at, value: errors / requests })),
  }
}
