/**
 * Bins of the number line, each cut into equal cells, of which some are cut again: fine where there is much to be told
 * apart, and coarse elsewhere. Counts over the same grid can be held against each other. Cells are numbered: those of the
 * bins from 0 on, then those of each cut in turn.
 */
export interface Grid {
  /** Edges of the bins, ascending. They are half-open, the last one closed; values outside are not counted. */
  readonly edges: readonly number[]
  /** Cells of each bin. */
  readonly parts: number
  readonly cuts: readonly Cut[]
}

/** A cell of a bin, or of a cut before this one, whose values lie between two numbers and that is cut into equal parts. */
export interface Cut {
  readonly cell: number
  readonly low: number
  readonly high: number
  readonly parts: number
}

/** What columns are counted in, at their places, and whether their deviations are measured, too. */
export interface CountOptions {
  readonly grids: readonly Grid[]
  readonly deviations?: boolean
}

/** What lies in the cells of a grid that have a value, in the order of their values: lists that belong together. */
export interface Histogram {
  readonly cell: Int32Array
  readonly count: Float64Array
  readonly sum: Float64Array
  /** The least and the greatest value in each cell. */
  readonly min: Float64Array
  readonly max: Float64Array
  /** Standard deviation (ddof 1) of all values that were counted, where it is asked for; NaN of fewer than two. */
  readonly deviation?: number
}

/** How many cells a grid has, those that are cut again among them. */
export const cellCount = ({ edges, parts, cuts }: Grid): number =>
  cuts.reduce((sum, cut) => sum + cut.parts, (edges.length - 1) * parts)

/** Number of each cut's first cell. */
export function firstCells({ edges, parts, cuts }: Grid): readonly number[] {
  let next = (edges.length - 1) * parts
  return cuts.map((cut) => {
    const first = next
    next += cut.parts
    return first
  })
}

/** The cells that hold values, in the order of their values. */
export function cellsInOrder(grid: Grid): readonly number[] {
  const cutAt = new Map(grid.cuts.map(({ cell }, i) => [cell, i]))
  const firsts = firstCells(grid)
  const order: number[] = []
  const walk = (first: number, parts: number) => {
    for (let cell = first; cell < first + parts; cell++) {
      const cut = cutAt.get(cell)
      if (cut === undefined) order.push(cell)
      else walk(firsts[cut] ?? 0, grid.cuts[cut]?.parts ?? 0)
    }
  }
  walk(0, (grid.edges.length - 1) * grid.parts)
  return order
}

/** The bin that each cell is in. */
export function binsOfCells(grid: Grid): Int32Array {
  const bins = new Int32Array(cellCount(grid))
  for (let cell = 0; cell < (grid.edges.length - 1) * grid.parts; cell++)
    bins[cell] = Math.floor(cell / grid.parts)
  for (const [i, first] of firstCells(grid).entries()) {
    const { cell, parts } = grid.cuts[i] ?? { cell: 0, parts: 0 }
    bins.fill(bins[cell] ?? 0, first, first + parts)
  }
  return bins
}

/** Bounds of a cell of a bin. */
export function boundsOf(
  { edges, parts }: Grid,
  cell: number,
): { readonly low: number; readonly high: number } {
  const bin = Math.floor(cell / parts)
  const [from = 0, to = 0] = [edges[bin], edges[bin + 1]]
  const at = (part: number) => from + (part / parts) * (to - from)
  return { low: at(cell % parts), high: at((cell % parts) + 1) }
}
