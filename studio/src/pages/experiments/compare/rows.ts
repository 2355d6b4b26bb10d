import type { Run } from '../../../api/runs.ts'

/** One thing that runs have, side by side. */
export interface ComparedRow<T> {
  readonly name: string
  readonly values: readonly (T | undefined)[]
  /** Whether all runs have the same of it. */
  readonly isSame: boolean
}

/** Rows of names and values of several runs: those in which they differ first, each kind by name. */
function side<T>(
  all: readonly (readonly { readonly key: string; readonly value: T }[])[],
): readonly ComparedRow<T>[] {
  const maps = all.map((pairs) => new Map(pairs.map(({ key, value }) => [key, value])))
  const names = [...new Set(maps.flatMap((map) => [...map.keys()]))].toSorted((a, b) => a.localeCompare(b))
  return names
    .map((name) => {
      const values = maps.map((map) => map.get(name))
      return { name, values, isSame: values.every((value) => value === values[0]) }
    })
    .toSorted((a, b) => Number(a.isSame) - Number(b.isSame))
}

export const paramRows = (runs: readonly Run[]) => side(runs.map(({ data }) => data.params ?? []))
export const metricRows = (runs: readonly Run[]): readonly ComparedRow<number>[] =>
  side(runs.map(({ data }) => data.metrics ?? [])).toSorted((a, b) => a.name.localeCompare(b.name))

/** Tags that people or their tools set; MLflow's own say little beside each other, but for where the code is from. */
export const tagRows = (runs: readonly Run[]) =>
  side(
    runs.map(({ data }) =>
      (data.tags ?? []).filter(({ key }) => !key.startsWith('mlflow.') || key.startsWith('mlflow.source.')),
    ),
  )

/** By how much a value is more than another, with its sign; undefined where one of them is missing. */
export function difference(value: number | undefined, base: number | undefined): number | undefined {
  if (value === undefined || base === undefined || Number.isNaN(value - base)) return undefined
  return value - base
}
