import type { Session } from '../../../analytics/analytics.ts'
import { cusum, pageHinkley, pageHinkleyStart } from '../../../statistics/sequential/streams.ts'
import type { OutcomeRows } from '../../outcomes/outcomes.ts'
import type { RowLoss } from './losses.ts'

/** Rows that follow each other in time, put together: autocorrelation within them does no harm. */
export interface Batch {
  readonly rows: number
  readonly mean: number
}

/** Mean losses of batches of so many rows, in the order of time; rows that are left over make a smaller last one. */
export async function readBatches(
  session: Session,
  { view, hasTime }: OutcomeRows,
  { sql, where }: RowLoss,
  size: number,
): Promise<readonly Batch[]> {
  const { rows } = await session.all(
    `with o as (select ${sql} as l, (row_number() over (${hasTime ? 'order by predicted_at' : ''}) - 1) // ${size} as b
        from ${view} where ${where})
      select count(*), favg(l) from o group by b order by b`,
  )
  return rows.map(([count, mean]) => ({ rows: Number(count), mean: Number(mean) }))
}

/** What a loss is where nothing has changed. */
export interface Baseline {
  readonly mean: number
  /** Of a row. */
  readonly deviation: number
  /** Of the means of batches as long as the ones that are looked at, where the reference has enough of them. */
  readonly batchDeviation?: number
}

/** Fewer batches of the reference tell nothing of how their means vary. */
const leastBatches = 6

export function baselineOf(
  moments: { readonly mean: number; readonly variance: number },
  batches: readonly Batch[],
  size: number,
): Baseline {
  const deviation = Math.sqrt(moments.variance)
  const whole = batches.filter(({ rows }) => rows === size)
  if (whole.length < leastBatches) return { mean: moments.mean, deviation }
  const mean = whole.reduce((sum, batch) => sum + batch.mean, 0) / whole.length
  const variance = whole.reduce((sum, batch) => sum + (batch.mean - mean) ** 2, 0) / (whole.length - 1)
  return { mean: moments.mean, deviation, batchDeviation: Math.sqrt(variance) }
}

export interface Cusum {
  /** The greatest sum within the window. */
  readonly greatest: number
  /** The sum at its end. */
  readonly last: number
}

/**
 * Cumulative sum of batches' mean losses above the baseline's, going on from an earlier window's. A batch's mean has the
 * standard deviation that independent rows give it, or that of the reference's own batches where that is larger: what
 * swings anyway (by day and night, say) is no drift.
 */
export function cusumOf(
  batches: readonly Batch[],
  { mean, deviation, batchDeviation = 0 }: Baseline,
  start: number,
  k: number,
): Cusum {
  let [greatest, last] = [start, start]
  for (const batch of batches) {
    const error = Math.max(deviation / Math.sqrt(batch.rows), batchDeviation)
    const distance = batch.mean - mean
    last = cusum(last, error > 0 ? distance / error : distance === 0 ? 0 : Math.sign(distance) * 1e6, { k })
    greatest = Math.max(greatest, last)
  }
  return { greatest, last }
}

/** Page and Hinkley's statistic of the batches' mean losses: how far it has risen above its least. Needs no reference. */
export function pageHinkleyOf(batches: readonly Batch[], delta: number): number {
  let [state, greatest] = [pageHinkleyStart, 0]
  for (const { mean } of batches) {
    state = pageHinkley(state, mean, { delta })
    greatest = Math.max(greatest, state.sum - state.least)
  }
  return greatest
}
