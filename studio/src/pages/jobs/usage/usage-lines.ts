import type { Measured, MetricSeries } from '../../../api/metrics.ts'
import type { TimeLine } from '../../../parts/chart/time-option.ts'

/** Cores as people say them: 0.25, 1.8, 12. */
export const inCores = (value: number): string =>
  value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)

/** Measurements as lines; `name` for those without a label. */
export const linesOf = (
  { series }: Measured,
  name: string,
  valueOf: (point: MetricSeries['points'][number]) => number | undefined,
): readonly TimeLine[] =>
  series.map(({ labels, points }, i) => ({
    name: Object.values(labels)[0] ?? name,
    colour: i + 1,
    points: points.flatMap((point) => {
      const value = valueOf(point)
      return value === undefined ? [] : [{ at: point.at, value }]
    }),
  }))

/** The greatest value of all lines; undefined where nothing was measured. */
export function mostOf(lines: readonly TimeLine[]): number | undefined {
  const values = lines.flatMap(({ points }) => points.flatMap(({ value }) => (value === null ? [] : [value])))
  return values.length === 0 ? undefined : values.reduce((a, b) => Math.max(a, b))
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Lines of bytes in the unit that fits the greatest of them, so that an axis has round numbers; with how they are told. */
export function inUnit(lines: readonly TimeLine[]): {
  readonly lines: readonly TimeLine[]
  readonly size: number
  readonly format: (value: number) => string
} {
  const at = Math.max(
    0,
    Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, mostOf(lines) ?? 1)) / 10)),
  )
  const size = 1024 ** at
  return {
    lines: lines.map((line) => ({
      ...line,
      points: line.points.map(({ at: time, value }) => ({
        at: time,
        value: value === null ? null : value / size,
      })),
    })),
    size,
    format: (value) => `${Number(value.toPrecision(3))} ${units[at]}`,
  }
}
