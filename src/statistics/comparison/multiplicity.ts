/**
 * Holm's adjusted p-values (1979) in the order they came: below alpha, the chance that any one of them errs is below
 * alpha. statsmodels' `multipletests(method='holm')`.
 */
export function holm(pValues: readonly number[]): number[] {
  let largest = 0
  return inOrder(pValues, ascending(pValues), (p, rank) => {
    largest = Math.max(largest, (pValues.length - rank) * p)
    return largest
  })
}

/**
 * Benjamini & Hochberg's adjusted p-values (1995): of those below q, a share of q at most is expected to err. statsmodels'
 * `multipletests(method='fdr_bh')`.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  let smallest = 1
  return inOrder(pValues, ascending(pValues).toReversed(), (p, rank) => {
    smallest = Math.min(smallest, (pValues.length * p) / (pValues.length - rank))
    return smallest
  })
}

const ascending = (pValues: readonly number[]) =>
  pValues.map((_, i) => i).toSorted((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1))

function inOrder(
  pValues: readonly number[],
  order: readonly number[],
  adjust: (p: number, rank: number) => number,
): number[] {
  const adjusted = Array.from(pValues, () => 1)
  for (const [rank, i] of order.entries()) adjusted[i] = Math.min(1, adjust(pValues[i] ?? 1, rank))
  return adjusted
}
