import type { Measured } from '../../../api/metrics.ts'
import type { TimeLine } from '../../../parts/chart/time-option.ts'

/** The last value of each series, by what one of its labels says. */
export const latest = (measured: Measured | undefined, label = ''): ReadonlyMap<string, number> =>
  new Map(
    (measured?.series ?? []).flatMap(({ labels, points }) => {
      const value = points.at(-1)?.average
      return value === undefined ? [] : [[labels[label] ?? '', value]]
    }),
  )

/** A line for each series, named by one of its labels, or by `name` where there is one only. */
export const linesOf = (measured: Measured | undefined, name: string, label?: string): readonly TimeLine[] =>
  (measured?.series ?? []).map(({ labels, points }, i) => ({
    name: label === undefined ? name : (labels[label] ?? name),
    colour: (i % 6) + 1,
    points: points.map(({ at, average }) => ({ at, value: average ?? null })),
  }))
