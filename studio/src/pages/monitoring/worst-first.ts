import type { MonitorSeries } from '../../api/monitors.ts'

/** How far the newest value is beyond its threshold, as a share of the threshold; below zero within it, least of all where it is not judged. */
export function beyond({ windows }: MonitorSeries): number {
  const { value, threshold } = windows[0] ?? {}
  if (value === null || value === undefined || threshold === undefined) return Number.NEGATIVE_INFINITY
  const { upper, lower } = threshold
  const scale = (limit: number) => Math.max(Math.abs(limit), 1e-12)
  return Math.max(
    upper === undefined ? Number.NEGATIVE_INFINITY : (value - upper) / scale(upper),
    lower === undefined ? Number.NEGATIVE_INFINITY : (lower - value) / scale(lower),
  )
}

/** Series with those first that are farthest beyond their thresholds. */
export const worstFirst = (all: readonly MonitorSeries[]): readonly MonitorSeries[] =>
  all.toSorted((a, b) => beyond(b) - beyond(a) || nameOf(a).localeCompare(nameOf(b)))

/** `distance · jensen_shannon_distance (AA)`: what a series is of, in the order in which people ask. */
export function nameOf({ labels }: MonitorSeries): string {
  const { monitor: _monitor, signal: _signal, kind: _kind, metric = '', feature, ...segment } = labels
  const part = Object.entries(segment).map(([name, value]) => `${name} ${value}`)
  return `${feature === undefined ? '' : `${feature} · `}${metric}${part.length === 0 ? '' : ` (${part.join(', ')})`}`
}
