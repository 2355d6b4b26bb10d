import type { PlannedSignal } from '../../monitors/monitor.ts'
import type { SignalValue } from '../../results/result.ts'

export type Limit = NonNullable<SignalValue['threshold']>

/** What a monitor says of a metric, in whatever group it says it. */
export const constantOf = ({ thresholds }: PlannedSignal, metric: string): number | undefined =>
  Object.values(thresholds.constant).find((group) => metric in group)?.[metric]

/** Fewer chunks of the reference tell nothing of how a metric varies. */
export const leastChunks = 6

/**
 * Mean ± so many standard deviations (ddof 0) of what chunks of the reference have, as NannyML's
 * `StandardDeviationThreshold`, on the side that is worse; undefined of fewer than six chunks with a value. Limits outside
 * of the metric's range are its ends.
 */
export function chunkLimit(
  values: readonly number[],
  deviations: number,
  beyond: 'above' | 'below',
  range: { readonly least?: number; readonly most?: number } = {},
): Limit | undefined {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length < leastChunks) return undefined
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length
  const reach = deviations * Math.sqrt(variance)
  return beyond === 'below'
    ? { lower: Math.max(mean - reach, range.least ?? -Infinity), from: 'reference' }
    : { upper: Math.min(mean + reach, range.most ?? Infinity), from: 'reference' }
}

export const constantLimit = (value: number, beyond: 'above' | 'below'): Limit =>
  beyond === 'below' ? { lower: value, from: 'constant' } : { upper: value, from: 'constant' }

/** Whether a value is on the wrong side of a limit; one that is exactly on it is not. */
export const isBeyond = (value: number, { lower, upper }: Limit): boolean =>
  (lower !== undefined && value < lower) || (upper !== undefined && value > upper)

/** Whether all of an interval is on the wrong side: then the value surely is. */
export const isSurelyBeyond = (
  interval: { readonly lower: number; readonly upper: number },
  { lower, upper }: Limit,
): boolean =>
  (lower !== undefined && interval.upper < lower) || (upper !== undefined && interval.lower > upper)

/** Every metric that the monitor has a limit of. */
export const constantMetrics = ({ thresholds }: Pick<PlannedSignal, 'thresholds'>) =>
  Object.entries(thresholds.constant).flatMap(([group, metrics]) =>
    Object.keys(metrics).map((metric) => ({ group, metric })),
  )
