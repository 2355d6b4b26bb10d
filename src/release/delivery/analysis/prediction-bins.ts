/**
 * The bins in which the predictions of two models are compared: classes by name, or numbers by the upper ends of tenths of
 * the champion's. What is in none of them is counted in one more.
 */
export type PredictionBins =
  | { readonly classes: readonly string[] }
  /** Numbers of the gateway's bins (`valueBin`), ascending. */
  | { readonly ends: readonly number[] }

/** Fewer predictions say too little of where their tenths are. */
const leastPredictions = 100
const mostClasses = 20

/** Bins by what the champion predicted before the start; undefined of too few predictions. */
export function binsOf(predictions: Readonly<Record<string, number>>): PredictionBins | undefined {
  const all = Object.entries(predictions)
  const total = all.reduce((sum, [, count]) => sum + count, 0)
  if (total < leastPredictions) return undefined
  const numbers = all.filter(([bin]) => bin.startsWith('n:'))
  if (numbers.length < all.length || numbers.length <= mostClasses)
    return {
      classes: all
        .toSorted(([, a], [, b]) => b - a)
        .slice(0, mostClasses)
        .map(([bin]) => bin),
    }
  const ends: number[] = []
  let sum = 0
  for (const [bin, count] of numbers
    .map(([bin, count]) => [Number(bin.slice(2)), count] as const)
    .toSorted(([a], [b]) => a - b)) {
    sum += count
    if (sum >= (total * (ends.length + 1)) / 10 && ends.length < 9) ends.push(bin)
  }
  return { ends }
}

/** Counts over the bins, with one more for what is in none. */
export function binned(predictions: Readonly<Record<string, number>>, bins: PredictionBins): number[] {
  const size = 'classes' in bins ? bins.classes.length : bins.ends.length
  const counts = Array.from({ length: size + 1 }, () => 0)
  for (const [bin, count] of Object.entries(predictions)) {
    const place = 'classes' in bins ? bins.classes.indexOf(bin) : placeOf(bin, bins.ends)
    const index = place < 0 ? size : place
    counts[index] = (counts[index] ?? 0) + count
  }
  return counts
}

/** −1 of what is beyond the last end, or is no number. */
function placeOf(bin: string, ends: readonly number[]): number {
  return bin.startsWith('n:') ? ends.findIndex((end) => Number(bin.slice(2)) <= end) : -1
}
