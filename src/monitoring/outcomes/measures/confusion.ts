import { setImmediate } from 'node:timers/promises'
import type { Session } from '../../../analytics/analytics.ts'
import { twoSided } from '../../../statistics/intervals/interval.ts'
import { wilson } from '../../../statistics/intervals/proportions.ts'
import {
  accuracy,
  balancedAccuracy,
  classCounts,
  matthews,
  type Confusion,
} from '../../../statistics/metrics/classification/confusion.ts'
import { fScore, precision, recall } from '../../../statistics/metrics/classification/precision.ts'
import { drawMultinomial } from '../../../statistics/random/draws.ts'
import { mulberry32 } from '../../../statistics/random/generator.ts'
import { percentileInterval, replicatesOf } from '../../../statistics/resampling/bootstrap.ts'
import type { OutcomeRows } from '../outcomes.ts'
import { groupingSql, requireFew, segmentOf, type Segment, type SegmentSet } from '../segments.ts'
import { undefinedOn, type Averaged, type Measured, type Measuring } from './measured.ts'

export interface SegmentConfusion {
  readonly segment: Segment | undefined
  readonly table: Confusion
}

/** Confusion matrices of the rows that have both a label and a prediction, one of each segment that has such rows. */
export async function readConfusions(
  session: Session,
  { view }: OutcomeRows,
  classes: number,
  set: SegmentSet,
): Promise<readonly SegmentConfusion[]> {
  const { columns } = groupingSql(set)
  const { rows } = await session.all(
    `select ${columns} y, said, count(*) as n from ${view} where y is not null and said is not null group by all`,
  )
  const found = new Map<string, { segment: Segment | undefined; cells: Float64Array }>()
  for (const row of rows) {
    const keys = row.slice(0, set.columns.length)
    const [y = 0, said = 0, n = 0] = row.slice(set.columns.length).map(Number)
    const key = JSON.stringify(keys)
    const own = found.get(key) ?? {
      segment: segmentOf(set, keys),
      cells: new Float64Array(classes ** 2),
    }
    own.cells[y * classes + said] = n
    found.set(key, own)
  }
  requireFew(set, found.size)
  return [...found.values()].map(({ segment, cells }) => ({ segment, table: { classes, cells } }))
}

const countOf = ({ cells }: Confusion): number => Array.from(cells).reduce((sum, n) => sum + n, 0)

/** Two classes: one, and all others. */
export function againstRest({ classes, cells }: Confusion, one: number): Confusion {
  const both = new Float64Array(4)
  for (let i = 0; i < classes * classes; i++) {
    const cell = 2 * Number(Math.floor(i / classes) === one) + Number(i % classes === one)
    both[cell] = (both[cell] ?? 0) + (cells[i] ?? 0)
  }
  return { classes: 2, cells: both }
}

/** By its classes' values, as the monitor has them averaged. */
const averagedMeasures = (average: Averaged) =>
  ({
    precision: (table: Confusion) => precision(table, { average }),
    recall: (table: Confusion) => recall(table, { average }),
    f1: (table: Confusion) => fScore(table, { average }),
  }) as const

/**
 * What a confusion matrix tells, with intervals: Wilson's where the metric is a share of rows, the percentiles of
 * multinomial draws of the cells elsewhere. Gives way to other work between draws.
 */
export async function measureConfusion(
  whole: Confusion,
  positive: number | undefined,
  { average, confidence, seed }: Measuring,
): Promise<ReadonlyMap<string, Measured>> {
  const isBinary = average === 'binary' && positive !== undefined
  const table = isBinary ? againstRest(whole, positive) : whole
  const n = countOf(table)
  const z = twoSided(1 - confidence)
  const { truePositive, falsePositive, falseNegative } = classCounts(table, 1)
  const measures = {
    ...averagedMeasures(average === 'binary' && !isBinary ? 'macro' : average),
    balanced_accuracy: balancedAccuracy,
    matthews_correlation: matthews,
  }
  const shares: Readonly<Record<string, { readonly events: number; readonly trials: number }>> = {
    accuracy: { events: accuracy(table) * n, trials: n },
    ...(isBinary
      ? {
          precision: { events: truePositive, trials: truePositive + falsePositive },
          recall: { events: truePositive, trials: truePositive + falseNegative },
        }
      : {}),
  }
  const drawn = await drawnOf(table, measures, seed)
  const found = new Map<string, Measured>()
  for (const [metric, of] of Object.entries({ accuracy, ...measures })) {
    const value = of(table)
    const share = shares[metric]
    if (Number.isNaN(value)) found.set(metric, undefinedOn(n, 'No row has a label and a prediction.'))
    else if (share !== undefined)
      found.set(metric, { value, n, ...wilson(share, z), method: "Wilson's interval" })
    else
      found.set(metric, {
        value,
        n,
        ...percentileInterval(replicatesOf(value, drawn.get(metric) ?? new Float64Array(0)), 1 - confidence),
        method: `multinomial bootstrap of cells, seed ${seed}`,
      })
  }
  return found
}

/** Draws between two pauses, so that other work is not kept waiting. */
const drawsAtOnce = 50_000

/** Replicates of all measures of the same draws, the fewer the more cells there are. */
async function drawnOf(
  table: Confusion,
  measures: Readonly<Record<string, (table: Confusion) => number>>,
  seed: number,
): Promise<ReadonlyMap<string, Float64Array>> {
  const replicates = table.classes <= 5 ? 1000 : 400
  const random = mulberry32(seed)
  const n = countOf(table)
  const places = Array.from(table.cells).flatMap((rows, cell) => (rows > 0 ? [cell] : []))
  const weights = places.map((cell) => table.cells[cell] ?? 0)
  const counts = new Float64Array(places.length)
  const cells = new Float64Array(table.cells.length)
  const drawn = new Map(Object.keys(measures).map((metric) => [metric, new Float64Array(replicates)]))
  const pauseEvery = Math.max(1, Math.floor(drawsAtOnce / (places.length + table.cells.length)))
  for (let b = 0; b < replicates; b++) {
    if (b % pauseEvery === 0) await setImmediate()
    drawMultinomial(random, n, weights, counts)
    for (const [i, cell] of places.entries()) cells[cell] = counts[i] ?? 0
    for (const [metric, of] of Object.entries(measures)) {
      const own = drawn.get(metric)
      if (own !== undefined) own[b] = of({ classes: table.classes, cells })
    }
  }
  return drawn
}
