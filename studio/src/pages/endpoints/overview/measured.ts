import type { Measured, MetricSeries } from '../../../api/metrics.ts'
import { isOver, weekMs } from '../../../api/metrics.ts'
import type { TimeLine } from '../../../parts/chart/time-option.ts'

/** What is drawn of an interval's measurements. */
export type Reading = (point: MetricSeries['points'][number], grainMs: number) => number | null

export const perSecond: Reading = ({ count = 0 }, grainMs) => count / (grainMs / 1000)
export const quantile =
  (name: 'p50' | 'p95' | 'p99'): Reading =>
  (point) =>
    point[name] ?? null

/** A line of a series; intervals that are not over are left out, and those of the week before are drawn as if now. */
export const lineOf = (
  measured: Measured,
  series: MetricSeries | undefined,
  reading: Reading,
  look: Pick<TimeLine, 'name' | 'colour' | 'dashed'>,
  shiftMs = 0,
): TimeLine => ({
  ...look,
  points: (series?.points ?? [])
    .filter(({ at }) => isOver(at, measured))
    .map((point) => ({ at: point.at + shiftMs, value: reading(point, measured.grainMs) })),
})

/** The same of now and of a week before. */
export const besideWeek = (
  now: Measured,
  before: Measured | undefined,
  reading: Reading,
  name: string,
): readonly TimeLine[] => [
  lineOf(now, now.series[0], reading, { name, colour: 1 }),
  ...(before === undefined || before.series.length === 0
    ? []
    : [
        lineOf(
          before,
          before.series[0],
          reading,
          { name: `${name}, a week before`, colour: 6, dashed: true },
          weekMs,
        ),
      ]),
]

/** Share of each code that is no success, of all answers in its interval; codes with none are left out. */
export function codeShares(measured: Measured): readonly TimeLine[] {
  const totals = new Map<number, number>()
  for (const { points } of measured.series)
    for (const { at, count = 0 } of points) totals.set(at, (totals.get(at) ?? 0) + count)
  return measured.series
    .filter(({ labels }) => !/^[23]/.test(labels['status'] ?? '2'))
    .toSorted((a, b) => (a.labels['status'] ?? '').localeCompare(b.labels['status'] ?? ''))
    .map(({ labels, points }, i) => {
      const counts = new Map(points.map(({ at, count = 0 }) => [at, count]))
      return {
        name: labels['status'] ?? '',
        colour: ((i + 1) % 6) + 1,
        points: [...totals]
          .filter(([at, total]) => total > 0 && isOver(at, measured))
          .sort(([a], [b]) => a - b)
          .map(([at, total]) => ({ at, value: (counts.get(at) ?? 0) / total })),
      }
    })
}
