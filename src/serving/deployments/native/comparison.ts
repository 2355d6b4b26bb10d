/**
 * What a prediction may differ by and still be the same: 1e-5 of its own size, or, near zero, of the size that
 * predictions usually have (at most 1, so that a probability may differ by 1e-5).
 */
const tolerance = 1e-5
/** Two classes whose scores are this near to each other are tied. */
const tie = 1e-7

export interface Comparison {
  readonly maxDifference: number
  /** Row, and what was expected and found, where they are not the same. */
  readonly difference?: { readonly row: number; readonly expected: string; readonly found: string }
}

/**
 * Compares two lists of predictions as JSON has them: lists of numbers, of lists of numbers, or of labels. `usual` is
 * the usual size of predictions. `scoresOf` answers a row's scores of two labels, for labels that differ.
 */
export function comparePredictions(
  expected: readonly unknown[],
  found: readonly unknown[],
  usual: number,
  isTie: (row: number, expected: unknown, found: unknown) => boolean,
): Comparison {
  let maxDifference = 0
  for (let row = 0; row < Math.max(expected.length, found.length); row++) {
    const [a, b] = [expected[row], found[row]]
    const distance = distanceOf(a, b, usual)
    if (distance === undefined ? !isTie(row, a, b) : distance.relative > tolerance) {
      const difference = {
        row,
        expected: JSON.stringify(a) ?? 'nothing',
        found: JSON.stringify(b) ?? 'nothing',
      }
      return { maxDifference, difference }
    }
    maxDifference = Math.max(maxDifference, distance?.absolute ?? 0)
  }
  return { maxDifference }
}

/** True if the scores of a row say nothing between two classes. */
export const isTied = (a: number | undefined, b: number | undefined): boolean =>
  a !== undefined && b !== undefined && Math.abs(a - b) <= tie * Math.max(1, Math.abs(a), Math.abs(b))

/** Median size of the numbers in lists of predictions; 1 where there are none. */
export function usualSize(lists: readonly (readonly unknown[])[]): number {
  const sizes = lists
    .flat(2)
    .filter((value) => typeof value === 'number')
    .map(Math.abs)
    .sort((a, b) => a - b)
  return sizes[Math.floor(sizes.length / 2)] ?? 1
}

interface Distance {
  readonly absolute: number
  readonly relative: number
}

/** How far two predictions are from each other; undefined if they are of different kinds, or different labels. */
function distanceOf(expected: unknown, found: unknown, usual: number): Distance | undefined {
  if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    let worst: Distance = { absolute: 0, relative: 0 }
    for (const [index, item] of expected.entries()) {
      const distance = distanceOf(item, found[index], usual)
      if (distance === undefined) return undefined
      worst = {
        absolute: Math.max(worst.absolute, distance.absolute),
        relative: Math.max(worst.relative, distance.relative),
      }
    }
    return worst
  }
  if (expected === found) return { absolute: 0, relative: 0 }
  if (typeof expected !== 'number' || typeof found !== 'number') return undefined
  const absolute = Math.abs(expected - found)
  return { absolute, relative: absolute / Math.max(Math.abs(expected), Math.min(usual, 1), Number.MIN_VALUE) }
}
