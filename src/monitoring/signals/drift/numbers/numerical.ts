import type { Grid, Histogram } from '../../../../analytics/histograms/grid.ts'
import { equalWidthBins, sturgesBinCount } from '../../../../statistics/distributions/bins.ts'
import { distancesOf, pairsOf, type Distances } from '../../../../statistics/distributions/pairs.ts'
import {
  spanDistances,
  type AtLeast,
  type SpanDistances,
} from '../../../../statistics/distributions/spans.ts'
import { kolmogorovSmirnovPValue } from '../../../../statistics/hypothesis/kolmogorov-smirnov.ts'
import type { CommonColumn } from '../common-columns.ts'
import {
  countCells,
  firstRows,
  keptCells,
  type Ask,
  type Cached,
  type Gridded,
  type Known,
} from './counts.ts'
import { exactDistances } from './exact.ts'
import type { ColumnFacts } from '../sides.ts'
import { binCounts, cutBySample, cutFurther, gridOf, stretchesOf, type Stretches } from './stretches.ts'

/** Both sides, with what is known of them. */
export interface Pair {
  readonly reference: Known
  readonly production: Known
}

/** How far numbers have moved. */
export interface NumericalDrift {
  readonly kind: 'numerical'
  readonly edges: readonly number[]
  readonly reference: readonly number[]
  readonly production: readonly number[]
  readonly distances: Distances
  /** Wasserstein distance over the reference's deviation (ddof 1), which is taken as 0.001 at least. */
  readonly normalizedWasserstein: AtLeast
  readonly kolmogorovSmirnov: AtLeast & { readonly pValue: number }
  /** How Wasserstein and Kolmogorov–Smirnov came about. */
  readonly method: string
}

/** How numbers are looked at. */
export interface Looking {
  readonly ask: Ask
  /** Keeps counts of the reference, which stay the same while the edges do. */
  readonly cached: Cached
  /** Whether distances between all values are judged, rather than told beside others. */
  readonly isPrecise: boolean
}

/** Up to so many values of both sides together all distances are exact; beyond, stretches of them are looked at. */
const exactUpTo = 200_000

/** Stretches are cut again until an error is below this: of a share, or of a standard deviation. */
const tolerance = 0.002
const mostRounds = 3
/** Rows that tell where the reference's values lie close, and the share of them that a cell is cut for: they tell it roughly. */
const sample = { rows: 50_000, share: 0.7 * tolerance } as const

/** A column on the way: the cells it is counted in, and what was counted. */
interface Counted extends Gridded {
  readonly finite: { readonly reference: number; readonly production: number }
  readonly reference: Histogram
  readonly production: Histogram
}

/**
 * Measures columns, all in one look at each side. Bins are equally wide from the least to the greatest value of both sides,
 * as many as Sturges' rule has for the smaller one (Azure ML's `histogram_utils.py`). Of very many values every bin is cut
 * into cells, which tell the distances between all values closely enough, or are cut again where these need be precise.
 * Undefined, at its column's place, where one side has no finite value.
 */
export async function numericalDrifts(
  looking: Looking,
  columns: readonly CommonColumn[],
  pair: Pair,
): Promise<readonly (NumericalDrift | undefined)[]> {
  const gridded = columns.map((column) => griddedColumn(column, pair))
  const asked = await cutBefore(
    looking,
    gridded.filter((one) => one !== undefined),
    pair.reference,
  )
  const [before, after] = await Promise.all([
    keptCells(looking.ask, looking.cached, pair.reference, asked),
    countCells(looking.ask, pair.production, asked),
  ])
  const counted = asked.map((one, i): Counted => ({
    ...one,
    reference: before[i] as Histogram,
    production: after[i] as Histogram,
  }))
  const found = await distancesBetween(looking, counted, pair)
  const drifts = counted.map((one, i) => driftOf(one, found[i] as Found))
  let next = 0
  return gridded.map((one) => (one === undefined ? undefined : drifts[next++]))
}

/**
 * Where distances must be precise, the cells that hold much of the reference's first rows are cut before anything is
 * counted, so that numbers with long tails seldom take a second look. Of the reference only, since what is counted of it
 * is kept.
 */
async function cutBefore<T extends Gridded & Pick<Counted, 'finite'>>(
  { ask, cached, isPrecise }: Looking,
  columns: readonly T[],
  reference: Known,
): Promise<readonly T[]> {
  const large = isPrecise ? columns.filter(({ finite }) => !isSmall(finite)) : []
  if (large.length === 0) return columns
  const told = await keptCells(ask, cached, firstRows(reference, sample.rows), large)
  return columns.map((column) => {
    const found = told[large.indexOf(column)]
    return found === undefined ? column : { ...column, grid: cutBySample(column.grid, found, sample.share) }
  })
}

function griddedColumn(column: CommonColumn, pair: Pair): (Gridded & Pick<Counted, 'finite'>) | undefined {
  const [was, now] = [pair.reference, pair.production].map(({ facts }) => facts.columns[column.name])
  if (!hasNumbers(was) || !hasNumbers(now)) return undefined
  const [low, high] = [Math.min(was.min, now.min), Math.max(was.max, now.max)]
  if (!Number.isFinite(high - low)) return undefined
  const { edges } = equalWidthBins(low, high, sturgesBinCount(Math.min(was.finite, now.finite)))
  const finite = { reference: was.finite, production: now.finite }
  return { column, finite, grid: gridOf(edges, !isSmall(finite)) }
}

const hasNumbers = (
  facts: ColumnFacts | undefined,
): facts is ColumnFacts & Required<Pick<ColumnFacts, 'finite' | 'min' | 'max'>> =>
  facts !== undefined && (facts.finite ?? 0) > 0

const isSmall = ({ reference, production }: Counted['finite']) => reference + production <= exactUpTo

/** Wasserstein's and Kolmogorov and Smirnov's distances. */
interface Found extends SpanDistances {
  readonly method: string
}

async function distancesBetween(
  looking: Looking,
  counted: readonly Counted[],
  pair: Pair,
): Promise<readonly Found[]> {
  const found = new Map<Counted, Found>()
  const large = counted.filter(({ finite }) => !isSmall(finite))
  const closely = await closeDistances(looking, large, pair)
  for (const [i, one] of large.entries()) found.set(one, closely[i] as Found)
  const small = counted.filter(({ finite }) => isSmall(finite))
  if (small.length > 0)
    await looking.ask(async (session) => {
      for (const one of small)
        found.set(one, { ...(await exactDistances(session, one.column, pair)), method: 'exact' })
    })
  return counted.map((one) => found.get(one) as Found)
}

/** Both distances from stretches; in each round the columns that leave too much open are counted anew, in finer cells. */
async function closeDistances(
  { ask, isPrecise }: Looking,
  columns: readonly Counted[],
  pair: Pair,
): Promise<readonly Found[]> {
  const states = columns.map((column) => stateOf(column, column.grid, column.reference, column.production))
  for (let rounds = isPrecise ? mostRounds : 0; rounds > 0; rounds--) {
    const finer = states.flatMap((state, at) => {
      const grid = isClose(state) ? undefined : cutFurther(state.grid, state.stretches, tolerance)
      return grid === undefined ? [] : [{ at, column: state.counted.column, grid }]
    })
    if (finer.length === 0) break
    const [before, after] = await Promise.all([
      countCells(ask, pair.reference, finer),
      countCells(ask, pair.production, finer),
    ])
    for (const [i, { at, grid }] of finer.entries()) {
      const { counted } = states[at] as State
      states[at] = stateOf(counted, grid, before[i] as Histogram, after[i] as Histogram)
    }
  }
  return states.map(({ distances, stretches }) => ({
    ...distances,
    method: `${stretches.cell.length.toLocaleString('en')} stretches`,
  }))
}

interface State {
  readonly counted: Counted
  readonly grid: Grid
  readonly stretches: Stretches
  readonly distances: SpanDistances
}

function stateOf(counted: Counted, grid: Grid, before: Histogram, after: Histogram): State {
  const stretches = stretchesOf(grid, before, after)
  return { counted, grid, stretches, distances: spanDistances(stretches) }
}

const isClose = ({ counted, distances: { wasserstein, kolmogorovSmirnov } }: State) =>
  wasserstein.error <= tolerance * scaleOf(counted.reference) && kolmogorovSmirnov.error <= tolerance

/** What Wasserstein's distance is told in. */
const scaleOf = ({ deviation = Number.NaN }: Histogram) =>
  Math.max(Number.isNaN(deviation) ? 0 : deviation, 0.001)

function driftOf(counted: Counted, { wasserstein, kolmogorovSmirnov, method }: Found): NumericalDrift {
  const { grid, finite } = counted
  const [reference, production] = [binCounts(grid, counted.reference), binCounts(grid, counted.production)]
  const scale = scaleOf(counted.reference)
  return {
    kind: 'numerical',
    edges: grid.edges,
    reference,
    production,
    distances: distancesOf(pairsOf(reference, production), 'numerical'),
    normalizedWasserstein: { value: wasserstein.value / scale, error: wasserstein.error / scale },
    kolmogorovSmirnov: {
      ...kolmogorovSmirnov,
      pValue: kolmogorovSmirnovPValue(kolmogorovSmirnov.value, finite.reference, finite.production),
    },
    method,
  }
}
