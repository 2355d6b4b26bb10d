import { benjaminiHochberg } from '../comparison/multiplicity.ts'
import { around, type Interval } from '../intervals/interval.ts'
import { rowCount, type Column } from '../metrics/rows.ts'
import { normalQuantile } from '../probability/normal.ts'
import type { Random } from '../random/generator.ts'
import { effectSize, meanOf, sliceLineScore, varianceOf, welchPValue, without, type Sums } from './moments.ts'
import { describePart, parted, type Part, type Parted, type Parting, type SliceColumn } from './parts.ts'

export interface SliceOptions extends Parting {
  /** Divides the rows into a half to find slices in and one to confirm them. */
  readonly random: Random
  readonly minimumRows?: number
  readonly minimumEffect?: number
  readonly minimumRelativeLoss?: number
  /** Share of the found slices that may be there by chance. */
  readonly q?: number
  /** How much more effect a slice of two columns needs than the one of either alone. */
  readonly gain?: number
}

export interface Slice {
  /** The predicate in words, the same in every run that has the same parts. */
  readonly id: string
  readonly conditions: readonly { readonly column: string; readonly part: Part }[]
  /** Of all rows. */
  readonly rows: number
  readonly share: number
  /** Losses in the slice over all losses: Azure's error coverage. */
  readonly coverage: number
  /** Mean loss, with its 95 % interval, and drawn towards the whole as if by 50 rows. */
  readonly loss: number
  readonly interval: Interval
  readonly shrunk: number
  /** Mean loss over that of all rows. */
  readonly relativeLoss: number
  readonly effect: number
  /** What the slice costs beyond the mean of all: `n (μ_S − μ)`; slices come in its order. */
  readonly excess: number
  readonly sliceLine: number
  /** Adjusted over all slices that were tested, in the half where they were looked for. */
  readonly pValue: number
  /** Found again in the other half, one-sided at .05 and with the relative loss. */
  readonly confirmed: boolean
}

export interface SliceReport {
  readonly slices: readonly Slice[]
  /** How many slices had enough rows to be tested. */
  readonly tested: number
  readonly loss: number
}

const defaults = {
  minimumRows: 100,
  minimumEffect: 0.2,
  minimumRelativeLoss: 1.2,
  q: 0.05,
  gain: 0.05,
} as const
const shrinkage = 50
/** More combinations of two columns' parts are not looked at. */
const mostCells = 65_536

/**
 * Finds slices of one or two columns in which a model does worse: every combination of parts, tested by Welch's test of
 * the slice against the rest with Benjamini and Hochberg's adjustment over all of them. Half the rows serve to find, the
 * other half to confirm; the figures are of all rows. `losses` is what each row costs: 1 for wrong and 0 for right, or any
 * loss. Slices that are found inform; only declared ones are for a gate. Cost: rows × pairs of columns.
 */
export function findSlices(
  losses: Column,
  columns: readonly SliceColumn[],
  options: SliceOptions,
): SliceReport {
  const settings = { ...defaults, ...options }
  const n = rowCount({
    losses,
    ...Object.fromEntries(columns.map(({ name, values }) => [name, { length: values.length }])),
  })
  const costs = new Float64Array(losses)
  const half = Uint8Array.from({ length: n }, () => Number(options.random() < 0.5))
  const all = columns.map((column) => parted(column, options))
  const whole = together(sumsOf(costs, half, [new Uint16Array(n)], 1))
  const candidates = combinations(all).flatMap((set) => candidatesOf(set, costs, half))
  const tested = candidates.filter(
    ({ found, confirming }) => found.count + confirming.count >= settings.minimumRows,
  )
  const pValues = benjaminiHochberg(
    tested.map(({ found }) => welchPValue(found, without(whole.found, found))),
  )
  const judged = tested.map((candidate, i) => ({
    ...candidate,
    pValue: pValues[i] ?? 1,
    effect: effectSize(candidate.all, without(whole.all, candidate.all)),
  }))
  const effectOf = new Map(judged.map(({ id, effect }) => [id, effect]))
  const slices = judged
    .filter(
      ({ pValue, effect, all: own, parents }) =>
        pValue < settings.q &&
        effect >= settings.minimumEffect &&
        meanOf(own) >= settings.minimumRelativeLoss * meanOf(whole.all) &&
        parents.every((parent) => effect >= (effectOf.get(parent) ?? -Infinity) + settings.gain),
    )
    .map((candidate) => sliceOf(candidate, whole, settings.minimumRelativeLoss))
  return {
    slices: slices.toSorted((a, b) => b.excess - a.excess),
    tested: tested.length,
    loss: meanOf(whole.all),
  }
}

interface Halves {
  readonly found: Sums
  readonly confirming: Sums
  readonly all: Sums
}

interface Candidate extends Halves {
  readonly id: string
  readonly conditions: Slice['conditions']
  /** The slices of one of its columns alone. */
  readonly parents: readonly string[]
}

/** All single columns and pairs. */
const combinations = (columns: readonly Parted[]): (readonly Parted[])[] => [
  ...columns.map((column) => [column]),
  ...columns.flatMap((one, i) => columns.slice(i + 1).map((other) => [one, other])),
]

function candidatesOf(set: readonly Parted[], losses: Float64Array, half: Uint8Array): Candidate[] {
  const [one, other] = set
  if (one === undefined) return []
  const width = other?.parts.length ?? 1
  const cells = one.parts.length * width
  if (cells > mostCells) return []
  const sums = sumsOf(
    losses,
    half,
    other === undefined ? [one.codes] : [one.codes, other.codes],
    cells,
    width,
  )
  return Array.from({ length: cells }, (_, cell) => {
    const conditions = set.map((column, i) => ({
      column: column.name,
      part: column.parts[i === 0 ? Math.floor(cell / width) : cell % width] ?? { of: 'other' as const },
    }))
    const names = conditions.map(({ column, part }) => describePart(column, part))
    return {
      id: names.join(' and '),
      conditions,
      parents: names.length > 1 ? names : [],
      ...halvesOf(sums, cell),
    }
  }).filter(({ all }) => all.count > 0)
}

/** Count, sum and sum of squares of the losses of each cell and half: six numbers a cell. One pass over the rows. */
function sumsOf(
  losses: Float64Array,
  half: Uint8Array,
  [one, other]: readonly [Uint16Array, Uint16Array?],
  cells: number,
  width = 1,
): Float64Array {
  const sums = new Float64Array(6 * cells)
  for (let i = 0; i < losses.length; i++) {
    const cell = (one[i] ?? 0) * width + (other === undefined ? 0 : (other[i] ?? 0))
    const at = 6 * cell + 3 * (half[i] ?? 0)
    const loss = losses[i] ?? Number.NaN
    sums[at] = (sums[at] ?? 0) + 1
    sums[at + 1] = (sums[at + 1] ?? 0) + loss
    sums[at + 2] = (sums[at + 2] ?? 0) + loss * loss
  }
  return sums
}

function halvesOf(sums: Float64Array, cell: number): Halves {
  const of = (at: number): Sums => ({
    count: sums[at] ?? 0,
    sum: sums[at + 1] ?? 0,
    squares: sums[at + 2] ?? 0,
  })
  const [found, confirming] = [of(6 * cell), of(6 * cell + 3)]
  const all = {
    count: found.count + confirming.count,
    sum: found.sum + confirming.sum,
    squares: found.squares + confirming.squares,
  }
  return { found, confirming, all }
}

const together = (sums: Float64Array): Halves => halvesOf(sums, 0)

function sliceOf(
  { id, conditions, all, confirming, pValue, effect }: Candidate & { pValue: number; effect: number },
  whole: Halves,
  minimumRelativeLoss: number,
): Slice {
  const [loss, mean] = [meanOf(all), meanOf(whole.all)]
  const error = Math.sqrt(varianceOf(all) / Math.max(1, all.count - 1))
  return {
    id,
    conditions,
    rows: all.count,
    share: all.count / whole.all.count,
    coverage: all.sum / whole.all.sum,
    loss,
    interval: around(loss, error, normalQuantile(0.975)),
    shrunk: (all.sum + shrinkage * mean) / (all.count + shrinkage),
    relativeLoss: loss / mean,
    effect,
    excess: all.count * (loss - mean),
    sliceLine: sliceLineScore(all, whole.all),
    pValue,
    confirmed:
      welchPValue(confirming, without(whole.confirming, confirming)) < 0.05 &&
      meanOf(confirming) >= minimumRelativeLoss * meanOf(whole.confirming),
  }
}
