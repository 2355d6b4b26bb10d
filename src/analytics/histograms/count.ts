import { cellCount, cellsInOrder, firstCells, type Grid, type Histogram } from './grid.ts'

/** Counts numbers as they come, some thousand at a time. */
export interface Counter {
  /** Counts the first `length` of the values; those outside of the grid, infinite ones and NaN are passed over. */
  add(values: Float64Array, length: number): void
  histogram(): Histogram
}

/** What a counter knows of a cell lies together, so that a value costs one look into memory: count, sum, least, greatest. */
const width = 4

export function createCounter(grid: Grid, isMeasured: boolean): Counter {
  const tables = tablesOf(grid)
  const cells = new Float64Array(cellCount(grid) * width)
  for (let at = 0; at < cells.length; at += width) {
    cells[at + 2] = Infinity
    cells[at + 3] = -Infinity
  }
  const order = cellsInOrder(grid)
  const isCut = grid.cuts.length > 0
  const state: State = { ...tables, cells, total: 0, mean: 0, squares: 0 }
  return {
    add(values, length) {
      if (isCut) countCut(state, values, length)
      else count(state, values, length)
      if (isMeasured) addMoments(state, values, length)
    },
    histogram: () => ({
      ...histogramOf(state, order),
      ...(isMeasured ? { deviation: deviationOf(state) } : {}),
    }),
  }
}

interface State extends Tables {
  readonly cells: Float64Array
  total: number
  /** Above the least edge, so that values which differ in their last digits only keep them. */
  mean: number
  /** Squared distances from the mean, added up. */
  squares: number
}

interface Tables {
  readonly low: number
  readonly high: number
  readonly perUnit: number
  readonly edges: Float64Array
  readonly parts: number
  /** By cell of a bin: the bin. */
  readonly binOf: Uint16Array
  /** By cell: the cut that it is cut by; -1: it is not. */
  readonly cutOf: Int32Array
  readonly cutLow: Float64Array
  readonly cutPerUnit: Float64Array
  readonly cutParts: Int32Array
  readonly cutFirst: Int32Array
}

function tablesOf(grid: Grid): Tables {
  const { edges, parts, cuts } = grid
  const bins = edges.length - 1
  const [low = 0, high = 0] = [edges[0], edges[bins]]
  const cutOf = new Int32Array(cellCount(grid)).fill(-1)
  for (const [i, { cell }] of cuts.entries()) cutOf[cell] = i
  return {
    low,
    high,
    perUnit: (bins * parts) / (high - low),
    edges: Float64Array.from(edges),
    parts,
    binOf: Uint16Array.from({ length: bins * parts }, (_, cell) => Math.floor(cell / parts)),
    cutOf,
    cutLow: Float64Array.from(cuts, (cut) => cut.low),
    cutPerUnit: Float64Array.from(cuts, (cut) => cut.parts / (cut.high - cut.low)),
    cutParts: Int32Array.from(cuts, (cut) => cut.parts),
    cutFirst: Int32Array.from(firstCells(grid)),
  }
}

/**
 * Arithmetic finds a value's cell. Where rounding takes it over an edge it would be the least or the greatest of that cell:
 * only such a one is looked at, and put right. All that the loop uses is local, and other sums are another loop's, since
 * the processor's registers are few: it is most of what a look at numbers costs.
 */
function count(state: State, values: Float64Array, length: number): void {
  const { low, high, perUnit, cells } = state
  const last = state.binOf.length - 1
  for (let i = 0; i < length; i++) {
    const value = values[i] as number
    if (!(value >= low && value <= high)) continue
    let cell = ((value - low) * perUnit) | 0
    if (cell > last) cell = last
    const at = cell * width
    if (value < (cells[at + 2] as number) || value > (cells[at + 3] as number))
      put(cells, placed(state, cell, value), value)
    else {
      cells[at] = (cells[at] as number) + 1
      cells[at + 1] = (cells[at + 1] as number) + value
    }
  }
}

/** The same in a grid with cells that are cut. */
function countCut(state: State, values: Float64Array, length: number): void {
  const { low, high, perUnit, cells, cutOf, cutLow, cutPerUnit, cutParts, cutFirst, binOf, edges } = state
  const last = binOf.length - 1
  for (let i = 0; i < length; i++) {
    const value = values[i] as number
    if (!(value >= low && value <= high)) continue
    let cell = ((value - low) * perUnit) | 0
    if (cell > last) cell = last
    const bin = binOf[cell] as number
    if (value < (edges[bin] as number) || value >= (edges[bin + 1] as number))
      cell = placed(state, cell, value)
    for (let cut = cutOf[cell] as number; cut >= 0; cut = cutOf[cell] as number) {
      const part = ((value - (cutLow[cut] as number)) * (cutPerUnit[cut] as number)) | 0
      const parts = cutParts[cut] as number
      cell = (cutFirst[cut] as number) + (part < 0 ? 0 : part >= parts ? parts - 1 : part)
    }
    const at = cell * width
    if (value < (cells[at + 2] as number) || value > (cells[at + 3] as number)) put(cells, cell, value)
    else {
      cells[at] = (cells[at] as number) + 1
      cells[at + 1] = (cells[at + 1] as number) + value
    }
  }
}

function put(cells: Float64Array, cell: number, value: number): void {
  const at = cell * width
  cells[at] = (cells[at] as number) + 1
  cells[at + 1] = (cells[at + 1] as number) + value
  cells[at + 2] = Math.min(cells[at + 2] as number, value)
  cells[at + 3] = Math.max(cells[at + 3] as number, value)
}

/** The cell of a bin that a value belongs to, by the edges of the bins, given the one that arithmetic says. */
function placed({ edges, parts, binOf }: State, cell: number, value: number): number {
  const was = binOf[cell] as number
  const last = edges.length - 2
  let bin = was
  while (bin > 0 && value < (edges[bin] as number)) bin--
  while (bin < last && value >= (edges[bin + 1] as number)) bin++
  if (bin === was) return cell
  return bin < was ? (bin + 1) * parts - 1 : bin * parts
}

/**
 * Adds values to mean and deviation (Chan, Golub and LeVeque 1979), told by how far they are from the mean of what came
 * before (of themselves where nothing did), so that their squares lose no digits.
 */
function addMoments(state: State, values: Float64Array, length: number): void {
  const { low, high } = state
  const about = state.total > 0 ? state.mean : meanWithin(values, length, state)
  let added = 0
  let sum = 0
  let squares = 0
  for (let i = 0; i < length; i++) {
    const value = values[i] as number
    if (value >= low && value <= high) {
      const distance = value - low - about
      sum += distance
      squares += distance * distance
      added++
    }
  }
  if (added === 0) return
  const apart = about + sum / added - state.mean
  const total = state.total + added
  state.squares += squares - (sum * sum) / added + (apart * apart * state.total * added) / total
  state.mean += (apart * added) / total
  state.total = total
}

function meanWithin(values: Float64Array, length: number, { low, high }: State): number {
  let within = 0
  let sum = 0
  for (let i = 0; i < length; i++) {
    const value = values[i] as number
    if (!(value >= low && value <= high)) continue
    within++
    sum += value - low
  }
  return within === 0 ? 0 : sum / within
}

const deviationOf = ({ total, squares }: State): number =>
  total < 2 ? Number.NaN : Math.sqrt(Math.max(0, squares) / (total - 1))

function histogramOf({ cells }: State, order: readonly number[]): Histogram {
  const cell = Int32Array.from(order.filter((one) => (cells[one * width] ?? 0) > 0))
  const of = (what: number) => Float64Array.from(cell, (one) => cells[one * width + what] ?? 0)
  return { cell, count: of(0), sum: of(1), min: of(2), max: of(3) }
}
