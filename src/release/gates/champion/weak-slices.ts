import { mulberry32 } from '../../../statistics/random/generator.ts'
import { findSlices, type Slice } from '../../../statistics/slices/find.ts'
import { describePart, parted, type SliceColumn } from '../../../statistics/slices/parts.ts'
import { errorTree, type ErrorNode } from '../../../statistics/slices/tree.ts'
import { rounded } from '../../evaluation/findings.ts'
import type { ModelAnswers } from '../../evaluation/rows/answers.ts'
import type { EvaluationRows } from '../../evaluation/rows/read-rows.ts'

/** A slice that was found, for the report: figures of a row's loss. */
export interface WeakSlice {
  readonly id: string
  readonly rows: number
  readonly share: number
  readonly loss: number
  readonly lower: number
  readonly upper: number
  readonly relativeLoss: number
  readonly coverage: number
  readonly pValue: number
  readonly confirmed: boolean
  readonly championLoss?: number
}

export interface WeakSlices {
  /** What a row's loss is: `share of wrong predictions`, `absolute error`. */
  readonly of: string
  readonly loss: number
  readonly tested: number
  readonly slices: readonly WeakSlice[]
  readonly tree: ErrorNode
}

/** Fewer rows tell no slices apart from chance. */
const leastRows = 400
const mostShown = 12

/** Slices in which the candidate does worse than elsewhere, and the tree of its errors. They inform, and decide nothing. */
export function weakSlices(rows: EvaluationRows, seed: number): WeakSlices | undefined {
  if (rows.features.length === 0 || rows.rows < leastRows) return undefined
  const losses = lossesOf(rows, rows.candidate)
  if (losses.some(Number.isNaN)) return undefined
  const { slices, tested, loss } = findSlices(losses, rows.features, { random: mulberry32(seed) })
  const theirs = rows.champion === undefined ? undefined : lossesOf(rows, rows.champion)
  return {
    of: rows.task === 'regression' ? 'absolute error' : 'share of wrong predictions',
    loss: rounded(loss),
    tested,
    slices: slices.slice(0, mostShown).map((slice) => shown(slice, rows.features, theirs)),
    tree: errorTree(losses, rows.features, { random: mulberry32(seed), depth: 3 }),
  }
}

function lossesOf({ task, labels }: EvaluationRows, { predictions }: ModelAnswers): Float64Array {
  return task === 'regression'
    ? labels.map((label, i) => Math.abs(label - (predictions[i] ?? Number.NaN)))
    : labels.map((label, i) => Number(label !== predictions[i]))
}

function shown(
  { id, rows, share, loss, interval, relativeLoss, coverage, pValue, confirmed, conditions }: Slice,
  features: readonly SliceColumn[],
  theirs: Float64Array | undefined,
): WeakSlice {
  return {
    id,
    rows,
    share: rounded(share),
    loss: rounded(loss),
    lower: rounded(Math.max(0, interval.lower)),
    upper: rounded(interval.upper),
    relativeLoss: rounded(relativeLoss),
    coverage: rounded(coverage),
    pValue: rounded(pValue),
    confirmed,
    ...(theirs === undefined ? {} : { championLoss: rounded(meanWithin(theirs, features, conditions)) }),
  }
}

function meanWithin(
  losses: Float64Array,
  features: readonly SliceColumn[],
  conditions: Slice['conditions'],
): number {
  const tests = conditions.flatMap(({ column, part }) => {
    const feature = features.find(({ name }) => name === column)
    if (feature === undefined) return []
    const { parts, codes } = parted(feature)
    const code = parts.findIndex((other) => describePart(column, other) === describePart(column, part))
    return [(row: number) => codes[row] === code]
  })
  let [sum, count] = [0, 0]
  for (let row = 0; row < losses.length; row++) {
    if (!tests.every((holds) => holds(row))) continue
    sum += losses[row] ?? 0
    count += 1
  }
  return sum / count
}
