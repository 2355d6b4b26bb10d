import { listing, percent, plural, quantity } from '../../../data/contracts/words/say.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { agreement } from '../../../statistics/comparison/agreement.ts'
import { finite, rounded, together, type Findings, type Judged } from '../../evaluation/findings.ts'
import type { ModelAnswers } from '../../evaluation/rows/answers.ts'
import type { EvaluationRows } from '../../evaluation/rows/read-rows.ts'
import type { Measure } from '../gate.ts'
import { chosenMetrics, type Chosen } from './choose.ts'
import { costMeasures } from './costs.ts'
import { curvesOf, type ModelCurves } from './curves.ts'
import { heldTo, type MetricFinding } from './held-to.ts'
import { listed } from '../../evaluation/parameters.ts'
import type { ChampionParameters } from './parameters.ts'
import { judgeSlices, type SliceFinding } from './slices.ts'
import { weakSlices, type WeakSlices } from './weak-slices.ts'

/** What the report of this gate shows beside the measures. */
export interface ChampionDetails {
  readonly data: string
  readonly candidate: string
  readonly champion?: string
  readonly task: EvaluationRows['task']
  readonly classes: readonly string[]
  readonly rows: number
  readonly primary: string
  readonly curves: { readonly candidate: ModelCurves; readonly champion?: ModelCurves }
  readonly slices: readonly ShownSlice[]
  readonly weak?: WeakSlices
  /** First and last time of the rows, where there is a time key. */
  readonly times?: { readonly first: string; readonly last: string }
  /** Share of the rows that both models answer alike. */
  readonly agreement?: number
}

/** A slice with its difference as the chart shows it: above 0 the candidate is better, whatever the metric. */
export interface ShownSlice extends Pick<SliceFinding, 'slice' | 'rows' | 'verdict' | 'note'> {
  readonly candidate: number | null
  readonly champion: number | null
  readonly difference?: { readonly estimate: number; readonly lower: number; readonly upper: number }
  readonly margin?: number
}

/** Judges the candidate by a plan's metrics, against its thresholds and against the champion. Pure. */
export function evaluateChampion(
  rows: EvaluationRows,
  parameters: ChampionParameters,
  judged: Judged,
): Findings {
  const chosen = chosenMetrics(parameters, rows)
  const [primary] = chosen
  const { seed } = judged
  const found = chosen.map(({ name, metric, demand }) => heldTo(name, metric, demand, rows, seed))
  const costs =
    parameters.costs === undefined || rows.task !== 'binary'
      ? []
      : costMeasures(
          rows,
          { falsePositive: parameters.costs.false_positive, falseNegative: parameters.costs.false_negative },
          seed,
        )
  const slices = judgeSlices(rows, {
    columns: parameters.slices.map(listed),
    metric: primary.metric,
    margin: parameters.slice_margin,
    confidence: primary.demand.confidence,
    minimumRows: parameters.min_slice_size,
    seed,
  })
  const errorMeasure = ofErrors(rows, parameters.max_errors)
  const measures = [
    ...found.flatMap(({ measures: own }) => own),
    ...costs,
    ...slices.flatMap((slice) => sliceMeasures(slice, primary)),
    errorMeasure,
  ]
  const verdict = verdictOf(measures, found, rows)
  const weak = weakSlices(rows, seed)
  const details: ChampionDetails = {
    data: judged.data,
    candidate: judged.candidate,
    ...(judged.champion === undefined ? {} : { champion: judged.champion }),
    task: rows.task,
    classes: rows.classes,
    rows: rows.rows,
    primary: primary.name,
    ...(rows.times === undefined ? {} : { times: rows.times }),
    curves: {
      candidate: curvesOf(rows, rows.candidate),
      ...(rows.champion === undefined ? {} : { champion: curvesOf(rows, rows.champion) }),
    },
    slices: slices.map(shownSlice),
    ...(weak === undefined ? {} : { weak }),
    ...(rows.champion === undefined
      ? {}
      : { agreement: rounded(agreement(rows.champion.predictions, rows.candidate.predictions).rate) }),
  }
  return {
    verdict,
    summary: summaryOf(verdict, measures, found, judged),
    measures,
    notes: notesOf(rows, parameters, chosen, slices, details, judged),
    details: details as unknown as Json,
  }
}

function verdictOf(
  measures: readonly Measure[],
  found: readonly MetricFinding[],
  rows: EvaluationRows,
): Findings['verdict'] {
  const verdict = together(measures.map((measure) => measure.verdict))
  const isThreshold = found.some(({ measures: [own] }) => own?.verdict !== undefined)
  // That it answers is no evidence of how well: without a champion and without thresholds nothing was asked of it.
  return verdict === 'pass' && rows.champion === undefined && !isThreshold ? 'not_applicable' : verdict
}

function ofErrors({ rows, candidate }: EvaluationRows, most: number): Measure {
  const share = candidate.failed / rows
  return {
    name: 'error_rate',
    estimate: share,
    n: rows,
    limit: most === 0 ? 'an answer to every row' : `at most ${percent(most)}`,
    verdict: share > most ? 'fail' : 'pass',
    ...(candidate.failed === 0
      ? {}
      : { note: `No answer to ${plural(candidate.failed, 'row')}: ${candidate.errors[0]?.error ?? ''}` }),
  }
}

function sliceMeasures(
  { slice, rows, candidate, comparison, margin, verdict, note }: SliceFinding,
  { name, metric }: Chosen,
): Measure[] {
  const own: Measure = {
    name,
    slice,
    estimate: finite(candidate),
    n: rows,
    ...(note === undefined ? {} : { note }),
  }
  if (comparison === undefined || margin === undefined || verdict === undefined) return [own]
  const { estimate, lower, upper, method, alpha } = comparison
  return [
    own,
    {
      name: `${name} (better by)`,
      of: 'difference',
      slice,
      estimate: finite(estimate),
      interval: { lower, upper, confidence: 1 - alpha },
      n: rows,
      method,
      limit:
        metric.margin.of === 'log_ratio'
          ? `not worse than the champion by more than ${percent(Math.expm1(margin))}`
          : `not worse than the champion by more than ${quantity(margin)}`,
      bound: { min: 0 - margin },
      verdict,
      ...(note === undefined ? {} : { note }),
    },
  ]
}

const shownSlice = (finding: SliceFinding): ShownSlice => ({
  slice: finding.slice,
  rows: finding.rows,
  candidate: finite(finding.candidate),
  champion: finite(finding.champion ?? Number.NaN),
  ...(finding.comparison === undefined
    ? {}
    : {
        difference: {
          estimate: rounded(finding.comparison.estimate),
          lower: rounded(finding.comparison.lower),
          upper: rounded(finding.comparison.upper),
        },
      }),
  ...(finding.margin === undefined ? {} : { margin: rounded(finding.margin) }),
  ...(finding.verdict === undefined ? {} : { verdict: finding.verdict }),
  ...(finding.note === undefined ? {} : { note: finding.note }),
})

/** What decided, with its number. */
function summaryOf(
  verdict: Findings['verdict'],
  measures: readonly Measure[],
  [primary]: readonly MetricFinding[],
  { candidate, champion }: Judged,
): string {
  if (verdict === 'not_applicable')
    return `There is no champion and no threshold: ${primary?.name} of ${candidate} is ${shown(primary?.candidate.estimate)}.`
  if (verdict !== 'pass') {
    const deciding = measures.filter((measure) => measure.verdict === verdict)
    const [first] = deciding
    const more = deciding.length > 1 ? `, and ${plural(deciding.length - 1, 'more measure')}` : ''
    return first === undefined ? verdict : `${sentence(first)}${more}.`
  }
  if (primary?.comparison === undefined || primary.judgement === undefined || champion === undefined)
    return `${primary?.name} is ${shown(primary?.candidate.estimate)}; there is no champion yet.`
  const words = primary.judgement.unchanged
    ? 'both answer alike'
    : primary.judgement.verdict === 'superior'
      ? 'superior'
      : 'not worse'
  return `${primary.name} is ${shown(primary.candidate.estimate)}, the champion's (${champion}) ${shown(primary.champion?.estimate)}: ${words}.`
}

/** A measure in words: `difference of roc_auc in carrier = AA is -0.01 (-0.02 … 0.001), which has to be …`. */
export function sentence({ name, of, estimate, interval, limit, slice, verdict, note }: Measure): string {
  const where =
    slice === undefined
      ? ''
      : ` in ${Object.entries(slice)
          .map(([column, value]) => `${column} = ${value}`)
          .join(' and ')}`
  const what = of === 'difference' || of === 'ratio' ? `The ${of} of ${name} to the champion's` : name
  const range = interval === undefined ? '' : ` (${shown(interval.lower)} … ${shown(interval.upper)})`
  const tail = verdict === 'inconclusive' && note !== undefined ? `; ${note.replace(/\.$/, '')}` : ''
  return `${what}${where} is ${shown(estimate)}${range}, and has to be ${limit ?? 'told'}${tail}`
}

const shown = (value: number | null | undefined) =>
  value === null || value === undefined || Number.isNaN(value) ? 'undefined' : quantity(value)

function notesOf(
  rows: EvaluationRows,
  parameters: ChampionParameters,
  chosen: readonly Chosen[],
  slices: readonly SliceFinding[],
  { curves }: ChampionDetails,
  { champion }: Judged,
): string[] {
  const { candidate } = rows
  const missing = slices.filter(({ verdict }) => verdict === undefined)
  return [
    `Judged on ${plural(rows.rows, 'row')}; bounds are one-sided, at ${listing([...new Set(chosen.map(({ demand }) => percent(demand.confidence)))])} confidence.`,
    ...(champion === undefined ? ['There is no champion yet: only thresholds are judged.'] : []),
    ...rows.notes,
    ...candidate.notes,
    ...failedChampion(rows.champion, champion),
    ...(rows.champion !== undefined && missing.length > 0
      ? [
          `${plural(missing.length, 'declared slice')} with ${percent(
            missing.reduce((sum, { rows: n }) => sum + n, 0) /
              Math.max(
                1,
                slices.reduce((sum, { rows: n }) => sum + n, 0),
              ),
          )} of the rows are too small to be judged.`,
        ]
      : []),
    ...changedRate(curves),
    ...(parameters.costs !== undefined && rows.task !== 'binary'
      ? ['Costs are of binary tasks; they are not judged.']
      : []),
  ]
}

const failedChampion = (answers: ModelAnswers | undefined, name: string | undefined) =>
  answers === undefined || answers.failed === 0
    ? []
    : [
        `The champion ${name ?? ''} has no answer to ${plural(answers.failed, 'row')} (${answers.errors[0]?.error ?? 'no reason is known'}). No row is left out: it is taken to have been right there.`,
      ]

/** A model that says yes much more or less often changes what people see, whatever the metrics say. */
function changedRate({ candidate, champion }: ChampionDetails['curves']): string[] {
  const [now, before] = [candidate.positiveRate, champion?.positiveRate]
  if (now === undefined || before === undefined || before === 0 || Math.abs(now / before - 1) <= 0.2)
    return []
  return [
    `The candidate predicts the positive class for ${percent(now)} of the rows, the champion for ${percent(before)}: a change of more than a fifth, which whoever approves should know of.`,
  ]
}
