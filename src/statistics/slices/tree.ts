import { rowCount, type Column } from '../metrics/rows.ts'
import type { Random } from '../random/generator.ts'
import { varianceOf, without, type Sums } from './moments.ts'
import { describePart, parted, type Part, type Parted, type Parting, type SliceColumn } from './parts.ts'

export interface TreeOptions extends Parting {
  /** Divides the rows into a half to grow the tree on and one to measure it. */
  readonly random: Random
  readonly depth?: number
  /** The fewest rows of a leaf: 50, or 1 % of the rows if that is more, unless said. */
  readonly minimumRows?: number
}

/** A node of the tree of errors; the figures are of the half that the tree was not grown on. */
export interface ErrorNode {
  /** What leads here from the parent; of the root nothing. */
  readonly condition?: string
  readonly rows: number
  /** Sum of the losses: errors, where a loss is 1 for wrong. */
  readonly errors: number
  /** Mean loss. */
  readonly rate: number
  /** Errors here over all errors. */
  readonly coverage: number
  readonly children: readonly ErrorNode[]
}

interface Split {
  readonly column: Parted
  /** Rows whose part is among these go left. */
  readonly left: ReadonlySet<number>
  readonly conditions: readonly [left: string, right: string]
  readonly gain: number
}

/**
 * A regression tree of the rows' losses over columns, as Azure's error analysis shows it: each split takes the parts apart
 * that lower the squared deviation most (numbers at an edge between ranges, categories one against the rest). For reading;
 * it is unstable, and only its leaves are disjoint slices.
 */
export function errorTree(
  losses: Column,
  columns: readonly SliceColumn[],
  { random, depth = 4, minimumRows, ...parting }: TreeOptions,
): ErrorNode {
  const n = rowCount({
    losses,
    ...Object.fromEntries(columns.map(({ name, values }) => [name, { length: values.length }])),
  })
  const costs = new Float64Array(losses)
  const all = columns.map((column) => parted(column, { ranges: 16, ...parting }))
  const least = minimumRows ?? Math.max(50, 0.01 * n)
  const growing = Uint8Array.from({ length: n }, () => Number(random() < 0.5))
  const rowsOf = (half: number) =>
    Uint32Array.from({ length: n }, (_, i) => i).filter((i) => growing[i] === half)
  const total = sumsOf(costs, rowsOf(0)).sum
  const grow = (on: Uint32Array, measured: Uint32Array, left: number, condition?: string): ErrorNode => {
    const { count, sum } = sumsOf(costs, measured)
    const split = left === 0 ? undefined : bestSplit(costs, all, on, least / 2)
    const branch = (isLeft: boolean, of: Split): ErrorNode => {
      const goes = (row: number) => of.left.has(of.column.codes[row] ?? 0) === isLeft
      return grow(on.filter(goes), measured.filter(goes), left - 1, of.conditions[isLeft ? 0 : 1])
    }
    return {
      ...(condition === undefined ? {} : { condition }),
      rows: count,
      errors: sum,
      rate: sum / count,
      coverage: sum / total,
      children: split === undefined ? [] : [branch(true, split), branch(false, split)],
    }
  }
  return grow(rowsOf(1), rowsOf(0), depth)
}

function sumsOf(losses: Float64Array, rows: Uint32Array): Sums {
  let [sum, squares] = [0, 0]
  for (const row of rows) {
    const loss = losses[row] ?? Number.NaN
    sum += loss
    squares += loss * loss
  }
  return { count: rows.length, sum, squares }
}

/** The split with the most gain, or none where no part has rows enough or nothing is gained. */
function bestSplit(
  losses: Float64Array,
  columns: readonly Parted[],
  rows: Uint32Array,
  least: number,
): Split | undefined {
  const whole = sumsOf(losses, rows)
  const deviation = (sums: Sums) => sums.count * varianceOf(sums)
  let best: Split | undefined
  for (const column of columns)
    for (const { left, sums, conditions } of splitsOf(column, losses, rows)) {
      const right = without(whole, sums)
      if (sums.count < least || right.count < least) continue
      const gain = deviation(whole) - deviation(sums) - deviation(right)
      if (gain > Math.max(best?.gain ?? 0, 1e-9 * deviation(whole))) best = { column, left, conditions, gain }
    }
  return best
}

function* splitsOf(
  column: Parted,
  losses: Float64Array,
  rows: Uint32Array,
): Generator<{ left: ReadonlySet<number>; sums: Sums; conditions: readonly [string, string] }> {
  const { name, parts, codes, ordered } = column
  const cells = new Float64Array(3 * parts.length)
  for (const row of rows) {
    const at = 3 * (codes[row] ?? 0)
    const loss = losses[row] ?? Number.NaN
    cells[at] = (cells[at] ?? 0) + 1
    cells[at + 1] = (cells[at + 1] ?? 0) + loss
    cells[at + 2] = (cells[at + 2] ?? 0) + loss * loss
  }
  const sumsAt = (code: number): Sums => ({
    count: cells[3 * code] ?? 0,
    sum: cells[3 * code + 1] ?? 0,
    squares: cells[3 * code + 2] ?? 0,
  })
  const add = (a: Sums, b: Sums): Sums => ({
    count: a.count + b.count,
    sum: a.sum + b.sum,
    squares: a.squares + b.squares,
  })
  let below: Sums = { count: 0, sum: 0, squares: 0 }
  for (const [code, part] of parts.entries()) {
    const own = sumsAt(code)
    if (code < ordered && part.of === 'range') {
      below = add(below, own)
      if (code === ordered - 1) continue
      const left = new Set(Array.from({ length: code + 1 }, (_, i) => i))
      yield { left, sums: below, conditions: conditionsAt(name, part, sumsAt(ordered).count > 0) }
    } else
      yield {
        left: new Set([code]),
        sums: own,
        conditions: [describePart(name, part), `not ${describePart(name, part)}`],
      }
  }
}

/** Both sides of an edge; what is missing goes with the upper one. */
function conditionsAt(
  name: string,
  part: Extract<Part, { of: 'range' }>,
  hasMissing: boolean,
): readonly [string, string] {
  const range = { of: 'range', closed: false } as const
  const upper = describePart(name, { ...range, lower: part.upper, upper: Infinity })
  return [
    describePart(name, { ...range, lower: -Infinity, upper: part.upper }),
    hasMissing ? `${upper} or missing` : upper,
  ]
}
