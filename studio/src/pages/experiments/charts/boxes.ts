import type { Run } from '../../../api/runs.ts'
import { quantileSorted } from '../../../../../src/statistics/distributions/quantiles.ts'
import { metricOf, paramOf, tagOf } from '../run-values.ts'

/** A box of fewer values would show a shape that is not there. */
export const fewestBoxed = 5
/** Above so many values of one category, its points cover each other and only those outside of the whiskers are drawn. */
const mostPoints = 60
/** Categories that have a place of their own; the least common ones have none. */
const mostCategories = 12

export interface BoxPoint {
  readonly id: string
  readonly name: string
  readonly experiment: string
  readonly value: number
}

/** The values of one category. */
export interface Category {
  readonly name: string
  readonly n: number
  readonly median: number
  /** Tukey's: quartiles, and the outermost values within one and a half times their distance; undefined below five values. */
  readonly box?: { readonly low: number; readonly q1: number; readonly q3: number; readonly high: number }
  /** All, or those outside of the whiskers. */
  readonly points: readonly BoxPoint[]
}

export interface Boxes {
  readonly categories: readonly Category[]
  /** Values in categories that are not shown, and how many those are. */
  readonly left: { readonly categories: number; readonly n: number }
  /** Runs that lack the metric or the category. */
  readonly missing: number
}

/** What a run has under `param.booster` or `tag.team`. */
function categoryOf(run: Run, by: string): string | undefined {
  const [kind, ...rest] = by.split('.')
  const key = rest.join('.')
  return kind === 'tag' ? tagOf(run, key) : paramOf(run, key)
}

/** A metric of runs by the values of a parameter or tag: the most common ones, in the order of numbers or of the alphabet. */
export function boxesOf(runs: readonly Run[], metric: string, by: string): Boxes {
  const groups = new Map<string, BoxPoint[]>()
  for (const run of runs) {
    const [category, value] = [categoryOf(run, by), metricOf(run, metric)]
    if (category === undefined || typeof value !== 'number' || !Number.isFinite(value)) continue
    const { run_id: id, run_name: name = id, experiment_id: experiment } = run.info
    const points = groups.get(category) ?? []
    points.push({ id, name, experiment, value })
    groups.set(category, points)
  }
  const byCount = [...groups].toSorted(([a, x], [b, y]) => y.length - x.length || a.localeCompare(b))
  const left = byCount.slice(mostCategories)
  const placed = byCount.slice(0, mostCategories)
  const n = (some: typeof byCount) => some.reduce((sum, [, points]) => sum + points.length, 0)
  return {
    categories: placed
      .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
      .map(([name, points]) => categoryFrom(name, points)),
    left: { categories: left.length, n: n(left) },
    missing: runs.length - n(byCount),
  }
}

function categoryFrom(name: string, points: readonly BoxPoint[]): Category {
  const sorted = Float64Array.from(points, ({ value }) => value).sort()
  const n = sorted.length
  const median = quantileSorted(sorted, 0.5)
  if (n < fewestBoxed) return { name, n, median, points }
  const [q1, q3] = [quantileSorted(sorted, 0.25), quantileSorted(sorted, 0.75)]
  const reach = 1.5 * (q3 - q1)
  const within = sorted.filter((value) => value >= q1 - reach && value <= q3 + reach)
  const box = { low: within[0] ?? q1, q1, q3, high: within.at(-1) ?? q3 }
  const outside = points.filter(({ value }) => value < box.low || value > box.high)
  return { name, n, median, box, points: n <= mostPoints ? points : outside }
}

/** Parameters and tags by which runs fall into a few groups, those that most runs have first. */
export function categoriesOf(runs: readonly Run[]): readonly string[] {
  const values = new Map<string, { runs: number; distinct: Set<string> }>()
  const add = (name: string, value: string) => {
    const found = values.get(name) ?? { runs: 0, distinct: new Set() }
    found.runs += 1
    found.distinct.add(value)
    values.set(name, found)
  }
  for (const { data } of runs) {
    for (const { key, value } of data.params ?? []) add(`param.${key}`, value)
    for (const { key, value } of data.tags ?? [])
      if (!key.startsWith('mlflow.') || key === 'mlflow.user' || key === 'mlflow.source.name')
        add(`tag.${key}`, value)
  }
  return [...values]
    .filter(
      ([, { runs: n, distinct }]) => distinct.size > 1 && distinct.size <= Math.max(mostCategories, n / 5),
    )
    .toSorted(([a, x], [b, y]) => y.runs - x.runs || x.distinct.size - y.distinct.size || a.localeCompare(b))
    .map(([name]) => name)
}
