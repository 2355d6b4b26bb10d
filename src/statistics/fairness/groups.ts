import { rowCount } from '../metrics/rows.ts'

export type Cell = string | number | boolean | null | undefined

/** A sensitive or control feature: what each row has of it. */
export interface Feature {
  readonly name: string
  readonly values: ArrayLike<Cell>
}

/** Rows by the combination of features' values that they have. */
export interface Groups {
  readonly features: readonly string[]
  /** The combinations that occur, sorted; each has one value of every feature. */
  readonly names: readonly (readonly string[])[]
  /** The group of each row, a place in `names`. */
  readonly codes: Uint32Array
}

/** What a missing value is called: those rows are a group of their own. */
export const missing = '(missing)'

/** Intersections of features, as fairlearn's MetricFrame has them; combinations that do not occur are no group. */
export function groupsOf(features: readonly Feature[]): Groups {
  const rows = rowCount(Object.fromEntries(features.map(({ name, values }) => [name, lengthOf(values)])))
  const found = new Map<string, { readonly name: readonly string[]; code: number }>()
  const keys = Array.from({ length: rows }, (_, row) => {
    const name = features.map(({ values }) => nameOf(values[row]))
    const key = JSON.stringify(name)
    if (!found.has(key)) found.set(key, { name, code: 0 })
    return key
  })
  const sorted = [...found.values()].toSorted((a, b) => compareNames(a.name, b.name))
  for (const [code, group] of sorted.entries()) group.code = code
  return {
    features: features.map(({ name }) => name),
    names: sorted.map(({ name }) => name),
    codes: Uint32Array.from(keys, (key) => found.get(key)?.code ?? 0),
  }
}

const lengthOf = ({ length }: ArrayLike<Cell>): ArrayLike<number> => ({ length })

const nameOf = (value: Cell) =>
  value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value))
    ? missing
    : String(value)

function compareNames(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, i) => part !== b[i])
  const [one, other] = [a[at] ?? '', b[at] ?? '']
  const difference = Number(one) - Number(other)
  return Number.isNaN(difference) || difference === 0 ? (one < other ? -1 : Number(one > other)) : difference
}
