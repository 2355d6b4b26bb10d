import { setImmediate } from 'node:timers/promises'
import { contingency, uncertaintyCoefficient } from '../../../statistics/association/contingency.ts'
import { order, pearson, ranks } from '../../../statistics/association/correlation.ts'
import { rocAuc } from '../../../statistics/metrics/ranking/ranking.ts'
import { scoreCounts } from '../../../statistics/metrics/ranking/score-counts.ts'
import type { ColumnProfile, FeatureAssociation, TargetProfile } from '../profile.ts'
import { missingCode, type Sample, type SampleColumn } from './sample.ts'

/** A column that tells so much of the target alone is hardly known before it. */
const suspicious = { auc: 0.97, r2: 0.95, information: 0.9, missingness: 0.9 } as const
/** Numbers are put into so many groups of equal size. */
const groups = 20
const deciles = 10
const mostClasses = 50

/** What is to be predicted, by what the column is; a column of too many classes gives the reason why not. */
export function taskOf(profile: ColumnProfile): TargetProfile['task'] | { readonly refused: string } {
  const { name, semanticType, distinct } = profile
  if (distinct.count < 2)
    return {
      refused: `'${name}' has ${distinct.count === 0 ? 'no value' : 'one value'}: there is nothing to predict.`,
    }
  if (distinct.count === 2) return 'binary_classification'
  if (profile.numeric !== undefined && semanticType !== 'categorical') return 'regression'
  if (distinct.count <= mostClasses && profile.datetime === undefined) return 'multiclass_classification'
  return {
    refused: `'${name}' has ${distinct.count} different values and is ${profile.datetime === undefined ? 'no number' : 'a time'}: a target is a number or has at most ${mostClasses} classes.`,
  }
}

/** How much each column of the sample tells of the target alone. Rows without a target are left out. */
export async function examineTarget(
  sample: Sample,
  target: ColumnProfile,
  task: TargetProfile['task'],
): Promise<TargetProfile> {
  const own = sample.columns.find(({ name }) => name === target.name)
  const outcome = own === undefined ? undefined : outcomeOf(own, task)
  const features: FeatureAssociation[] = []
  for (const column of sample.columns) {
    if (column === own || outcome === undefined) continue
    await setImmediate()
    features.push(examineFeature(column, outcome))
  }
  return {
    column: target.name,
    task,
    classes: task === 'regression' ? [] : target.top,
    features: features.toSorted((a, b) => b.value - a.value || b.mutualInformation - a.mutualInformation),
  }
}

interface Outcome {
  readonly measure: FeatureAssociation['measure']
  /** For regression the number; NaN where it is missing. */
  readonly numbers: ArrayLike<number>
  /** Class, or the decile of a number; negative where it is missing. */
  readonly codes: Int32Array
  readonly classes: number
}

function outcomeOf(target: SampleColumn, task: TargetProfile['task']): Outcome {
  const codes =
    target.kind === 'categories'
      ? target.values
      : quantileGroups(target.values, task === 'regression' ? deciles : 2)
  const classes = codes.reduce((most, code) => Math.max(most, code + 1), 0)
  return { measure: task === 'regression' ? 'r2' : 'auc', numbers: target.values, codes, classes }
}

function examineFeature(feature: SampleColumn, outcome: Outcome): FeatureAssociation {
  const codes = feature.kind === 'categories' ? feature.values : quantileGroups(feature.values, groups)
  const grouped = Int32Array.from(codes, (code) => code + 1)
  const value = Math.max(
    strength(grouped, outcome),
    feature.kind === 'numbers' ? direct(feature.values, outcome) : 0,
  )
  const table = contingency(
    feature.kind === 'categories'
      ? grouped
      : Int32Array.from(quantileGroups(feature.values, deciles), (c) => c + 1),
    outcome.codes,
  )
  const information = uncertaintyCoefficient(table)
  const missing = Int32Array.from(codes, (code) => (code === missingCode ? 1 : 0))
  const isSometimesMissing = missing.includes(1) && missing.includes(0)
  const missingness = isSometimesMissing ? strength(missing, outcome) : undefined
  const mutualInformation = Number.isNaN(information) ? 0 : information
  return {
    column: feature.name,
    measure: outcome.measure,
    value,
    mutualInformation,
    ...(missingness === undefined ? {} : { missingness }),
    suspectedLeakage:
      value >= suspicious[outcome.measure] ||
      mutualInformation >= suspicious.information ||
      (missingness ?? 0) >= (outcome.measure === 'auc' ? suspicious.missingness : suspicious.r2),
  }
}

/** What a number tells by itself, without groups: exact for columns that follow the target in one direction. */
function direct(values: Float64Array, outcome: Outcome): number {
  if (outcome.measure === 'r2') return orNothing(pearson(values, outcome.numbers) ** 2)
  return overClasses(outcome, (positive, known) => {
    const auc = aucOf(
      values.map((value, i) => (known(i) ? value : NaN)),
      positive,
    )
    return Math.max(auc, 1 - auc)
  })
}

const aucOf = (scores: Float64Array, positive: (row: number) => boolean) =>
  rocAuc(scoreCounts({ labels: Uint8Array.from(scores, (_, i) => Number(positive(i))), scores }))

/** How well the mean of the target in a row's group predicts it, means being of the rows of the other half. */
function strength(group: Int32Array, outcome: Outcome): number {
  if (outcome.measure === 'r2') return determination(outOfHalfMeans(group, outcome.numbers), outcome.numbers)
  return overClasses(outcome, (positive, known) => {
    const hits = Float64Array.from(group, (_, i) => (known(i) ? Number(positive(i)) : NaN))
    const score = outOfHalfMeans(group, hits)
    return aucOf(
      score.map((value, i) => (known(i) ? value : NaN)),
      positive,
    )
  })
}

/** Of two classes the measure of the second; of more the mean of each against the rest, weighted by their rows. */
function overClasses(
  { codes, classes }: Outcome,
  measure: (positive: (row: number) => boolean, known: (row: number) => boolean) => number,
): number {
  const known = (row: number) => (codes[row] ?? missingCode) !== missingCode
  const of = (code: number) =>
    orNothing(
      measure((row) => codes[row] === code, known),
      0.5,
    )
  if (classes <= 2) return of(1)
  let [sum, weight] = [0, 0]
  for (let code = 0; code < classes; code++) {
    const count = codes.reduce((n, c) => (c === code ? n + 1 : n), 0)
    sum += count * of(code)
    weight += count
  }
  return weight === 0 ? 0.5 : sum / weight
}

/** For each row the mean of its group among the rows of the other half (even and odd ones), smoothed towards all. */
function outOfHalfMeans(group: Int32Array, outcome: ArrayLike<number>): Float64Array {
  const width = group.reduce((most, code) => Math.max(most, code + 1), 0)
  const halves = [0, 1].map(() => ({
    sums: new Float64Array(width),
    counts: new Float64Array(width),
    sum: 0,
    count: 0,
  }))
  const halfOf = (row: number) => (row % 2 === 0 ? halves[0] : halves[1]) as (typeof halves)[number]
  for (const [row, code] of group.entries()) {
    const value = outcome[row] ?? NaN
    if (!Number.isFinite(value)) continue
    const half = halfOf(row)
    half.sums[code] = (half.sums[code] ?? 0) + value
    half.counts[code] = (half.counts[code] ?? 0) + 1
    half.sum += value
    half.count += 1
  }
  return Float64Array.from(group, (code, row) => {
    const other = halfOf(row + 1)
    const mean = other.count === 0 ? 0 : other.sum / other.count
    return ((other.sums[code] ?? 0) + mean) / ((other.counts[code] ?? 0) + 1)
  })
}

/** Coefficient of determination R², nothing being the worst. */
function determination(predicted: Float64Array, actual: ArrayLike<number>): number {
  const rows = [...predicted.keys()].filter((row) => Number.isFinite(actual[row]))
  const mean = rows.reduce((sum, row) => sum + (actual[row] ?? 0), 0) / rows.length
  const total = rows.reduce((sum, row) => sum + ((actual[row] ?? 0) - mean) ** 2, 0)
  const rest = rows.reduce((sum, row) => sum + ((actual[row] ?? 0) - (predicted[row] ?? 0)) ** 2, 0)
  return total === 0 ? 0 : Math.max(0, 1 - rest / total)
}

/** Groups of equal size by rank, equal values in one; missing where there is no number. */
function quantileGroups(values: Float64Array, count: number): Int32Array {
  const sorted = order(values)
  const rank = ranks(values, sorted)
  return Int32Array.from(rank, (r) =>
    Number.isNaN(r) ? missingCode : Math.min(count - 1, Math.floor(((r - 0.5) / sorted.length) * count)),
  )
}

const orNothing = (value: number, nothing = 0) => (Number.isNaN(value) ? nothing : value)
