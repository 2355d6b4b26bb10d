/** A column with how much it matters. */
export interface Attribution {
  readonly column: string
  readonly value: number
}

/** What a model goes by, on both sides. */
export interface Attributions {
  readonly reference: readonly Attribution[]
  readonly production: readonly Attribution[]
  readonly rows: { readonly reference: number; readonly production: number }
  readonly method: string
  readonly notes: readonly string[]
}

/** A column with its importance on both sides as shares of the whole, and its rank in each: 1 is the most important. */
export interface Compared {
  readonly column: string
  readonly reference: number
  readonly production: number
  readonly ranks: readonly [reference: number, production: number]
}

/** The columns of both sides, the reference's most important first. */
export function compare({ reference, production }: Attributions): readonly Compared[] {
  const [before, now] = [shares(reference), shares(production)]
  const [rankBefore, rankNow] = [ranks(before), ranks(now)]
  return [...before]
    .filter(([column]) => now.has(column))
    .map(([column, share]) => ({
      column,
      reference: share,
      production: now.get(column) ?? 0,
      ranks: [rankBefore.get(column) ?? 0, rankNow.get(column) ?? 0] as const,
    }))
    .toSorted((a, b) => a.ranks[0] - b.ranks[0])
}

function shares(all: readonly Attribution[]): ReadonlyMap<string, number> {
  const total = all.reduce((sum, { value }) => sum + value, 0)
  return new Map(all.map(({ column, value }) => [column, total > 0 ? value / total : 0]))
}

const ranks = (values: ReadonlyMap<string, number>): ReadonlyMap<string, number> =>
  new Map(
    [...values]
      .toSorted(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
      .map(([column], i) => [column, i + 1]),
  )
