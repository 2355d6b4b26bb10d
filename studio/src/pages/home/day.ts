import { isOver, weekMs, type Measured } from '../../api/metrics.ts'

const hourMs = 3_600_000

/** An hour of the last day: requests a second, and between what they were at that hour of the days before. */
export interface Hour {
  readonly at: number
  readonly rate: number
  /** 5th and 95th percentile of the same hour in the weeks before; none where fewer than three days are known. */
  readonly usual?: { readonly low: number; readonly high: number }
}

export interface Day {
  readonly hours: readonly Hour[]
  /** Requests a second of the last whole hour, and of the same hour a week before, where that was measured. */
  readonly now?: number
  readonly weekAgo?: number
}

/** The fewest days from which it is told what is usual. */
const fewestDays = 3

/**
 * The last day out of what was measured by the hour over weeks. Hours in which nothing was measured had no request, and those
 * before the first measurement are not known: they are left out.
 */
export function dayOf(measured: Measured): Day {
  const rates = new Map<number, number>()
  for (const { points } of measured.series)
    for (const { at, count = 0 } of points) rates.set(at, (rates.get(at) ?? 0) + count / (hourMs / 1000))
  const first = Math.min(...rates.keys())
  if (!Number.isFinite(first)) return { hours: [] }
  const last = Math.floor(measured.to / hourMs) * hourMs - hourMs
  const rateAt = (at: number) => (at < first ? undefined : (rates.get(at) ?? 0))
  const hours = Array.from({ length: 24 }, (_, i) => last - (23 - i) * hourMs)
    .filter((at) => at >= first && isOver(at, { to: measured.to, grainMs: hourMs }))
    .map((at): Hour => {
      const before = Array.from({ length: 28 }, (_, days) => rateAt(at - (days + 1) * 86_400_000)).filter(
        (value) => value !== undefined,
      )
      return {
        at,
        rate: rateAt(at) ?? 0,
        ...(before.length < fewestDays
          ? {}
          : { usual: { low: quantile(before, 0.05), high: quantile(before, 0.95) } }),
      }
    })
  const now = rateAt(last)
  const weekAgo = rateAt(last - weekMs)
  return {
    hours,
    ...(now === undefined ? {} : { now }),
    ...(weekAgo === undefined ? {} : { weekAgo }),
  }
}

/** By linear interpolation between the order statistics (type 7). */
function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * q
  const [low = 0, high = low] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return low + (high - low) * (place - Math.floor(place))
}
