import { quantity } from '../../../data/contracts/words/say.ts'
import { compareModels, minimum, type Comparison } from '../../../statistics/comparison/models/compare.ts'
import { holm } from '../../../statistics/comparison/multiplicity.ts'
import { judge, rowsNeeded, type Verdict } from '../../../statistics/comparison/verdict.ts'
import { groupsOf, type Feature } from '../../../statistics/fairness/groups.ts'
import type { Evaluated, Metric } from '../../../statistics/metrics/catalogue.ts'
import { normalCdf } from '../../../statistics/probability/normal.ts'
import { mulberry32 } from '../../../statistics/random/generator.ts'
import { describePart, parted } from '../../../statistics/slices/parts.ts'
import type { EvaluationRows } from '../../evaluation/rows/read-rows.ts'
import { keysOf } from '../../evaluation/rows/classes.ts'
import type { Values } from '../../evaluation/rows/table.ts'
import { evaluated } from '../../../statistics/comparison/models/paired.ts'
import type { GateVerdict } from '../gate.ts'
import { marginOf, pairedOf } from './held-to.ts'

/** A declared slice with what the primary metric says there. */
export interface SliceFinding {
  readonly slice: Readonly<Record<string, string>>
  readonly rows: number
  readonly candidate: number
  readonly champion?: number
  readonly comparison?: Comparison
  readonly margin?: number
  /** Absent: told and not judged. */
  readonly verdict?: GateVerdict
  readonly note?: string
}

export interface SlicesAsked {
  readonly columns: readonly (readonly string[])[]
  readonly metric: Metric
  /** In the metric's own words, for every slice; default twice the metric's. */
  readonly margin: number | undefined
  readonly confidence: number
  readonly minimumRows: number
  readonly seed: number
}

/** Numbers with more different values than this are sliced by ranges. */
const mostNumbers = 20

/**
 * The primary metric in each declared slice, and whether the candidate is non-inferior there at twice the margin. All are
 * to be, so nothing is adjusted for passing; to fail, Holm's adjustment over the slices has to leave it inferior. Slices
 * that are too small for an interval are told and not judged.
 */
export function judgeSlices(rows: EvaluationRows, asked: SlicesAsked): SliceFinding[] {
  return asked.columns.flatMap((names) => ofColumns(names, rows, asked))
}

function ofColumns(names: readonly string[], rows: EvaluationRows, asked: SlicesAsked): SliceFinding[] {
  const features = names.map((name) => groupingOf(name, rows.columns.get(name)))
  const groups = groupsOf(features)
  const members = groups.names.map(() => [] as number[])
  for (const [row, code] of groups.codes.entries()) members[code]?.push(row)
  const found = groups.names.map((values, code) => {
    const slice = Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']))
    return ofSlice(slice, Uint32Array.from(members[code] ?? []), rows, asked)
  })
  const judged = found.filter(({ pValue }) => pValue !== undefined)
  const adjusted = holm(judged.map(({ pValue }) => pValue ?? 1))
  return found.map(({ pValue, verdict, ...finding }): SliceFinding => {
    if (pValue === undefined || verdict === undefined) return finding
    const worst = adjusted[judged.findIndex((other) => other.slice === finding.slice)] ?? 1
    const isShown = verdict !== 'inferior' || worst < 1 - asked.confidence
    return { ...finding, verdict: isShown ? gateVerdict[verdict] : 'inconclusive' }
  })
}

const gateVerdict = {
  superior: 'pass',
  non_inferior: 'pass',
  inferior: 'fail',
  inconclusive: 'inconclusive',
} as const

function ofSlice(
  slice: Readonly<Record<string, string>>,
  members: Uint32Array,
  rows: EvaluationRows,
  { metric, margin: given, confidence, minimumRows, seed }: SlicesAsked,
): Omit<SliceFinding, 'verdict'> & { readonly verdict?: Verdict; readonly pValue?: number } {
  const own = subset(rows, members)
  const paired = pairedOf(own)
  const base = { slice, rows: members.length, candidate: valueOf(metric, evaluated(paired, 'challenger')) }
  if (rows.champion === undefined) return base
  const champion = valueOf(metric, evaluated(paired, 'champion'))
  const least = Math.max(minimumRows, minimum.rows)
  if (members.length < least)
    return { ...base, champion, note: `Not judged: it has fewer than ${quantity(least)} rows.` }
  const comparison = compareModels(metric, paired, {
    alpha: 1 - confidence,
    dependence: own.dependence,
    random: mulberry32(seed),
  })
  const { standardError, estimate, warnings } = comparison
  if (Number.isNaN(comparison.lower)) return { ...base, champion, note: `Not judged: ${warnings.join(' ')}` }
  const margin = given === undefined ? 2 * comparison.margin : marginOf(metric, comparison, given)
  const { verdict } = judge(comparison, margin)
  const z = (estimate + margin) / standardError
  return {
    ...base,
    champion,
    comparison,
    margin,
    verdict,
    pValue: Number.isNaN(z) ? 1 : normalCdf(z),
    ...(verdict === 'inconclusive' && margin > 0
      ? { note: `About ${quantity(rowsNeeded(comparison, margin))} rows of it would tell.` }
      : {}),
  }
}

function valueOf(metric: Metric, rows: Evaluated): number {
  return rows.labels.length === 0 ? Number.NaN : metric.value(rows)
}

/** The same rows, but only some of them. */
function subset(rows: EvaluationRows, members: Uint32Array): EvaluationRows {
  const width = rows.classes.length > 2 ? rows.classes.length : 1
  const of = (column: ArrayLike<number>) => Float64Array.from(members, (row) => column[row] ?? Number.NaN)
  const scoresOf = (scores: Float64Array) => {
    if (width === 1) return of(scores)
    const taken = new Float64Array(members.length * width)
    for (const [i, row] of members.entries())
      taken.set(scores.subarray(row * width, (row + 1) * width), i * width)
    return taken
  }
  const answers = (who: EvaluationRows['candidate']) => ({
    ...who,
    predictions: of(who.predictions),
    ...(who.scores === undefined ? {} : { scores: scoresOf(who.scores) }),
  })
  return {
    ...rows,
    rows: members.length,
    labels: of(rows.labels),
    candidate: answers(rows.candidate),
    ...(rows.champion === undefined ? {} : { champion: answers(rows.champion) }),
    ...(rows.weights === undefined ? {} : { weights: of(rows.weights) }),
    dependence: dependenceOf(rows, members),
  }
}

/** Codes of clusters and periods that occur among some rows, anew from 0. */
function dependenceOf({ dependence }: EvaluationRows, members: Uint32Array): EvaluationRows['dependence'] {
  if (dependence.by === 'row' || dependence.by === 'stratum') return { by: 'row' }
  const codes = dependence.by === 'cluster' ? dependence.clusters : dependence.periods
  const own = Array.from(members, (row) => codes[row] ?? 0)
  const place = new Map([...new Set(own)].toSorted((a, b) => a - b).map((code, i) => [code, i]))
  const anew = Uint32Array.from(own, (code) => place.get(code) ?? 0)
  return dependence.by === 'cluster' ? { by: 'cluster', clusters: anew } : { ...dependence, periods: anew }
}

/** A column as groups: texts and few numbers by value, many numbers by ranges of about equal size. */
export function groupingOf(name: string, column: Values | undefined): Feature {
  if (column === undefined) return { name, values: [] }
  if (column.kind === 'texts') return { name, values: column.values }
  if (keysOf(column, mostNumbers) !== undefined)
    return { name, values: Array.from(column.values, (value) => (Number.isNaN(value) ? null : value)) }
  const { parts, codes } = parted({ name, kind: 'numbers', values: column.values })
  const named = parts.map((part) =>
    part.of === 'missing' ? null : describePart(name, part).slice(name.length + 1),
  )
  return { name, values: Array.from(codes, (code) => named[code] ?? null) }
}
