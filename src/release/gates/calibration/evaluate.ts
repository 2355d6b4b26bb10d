import { percent, plural, quantity } from '../../../data/contracts/words/say.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { minimum } from '../../../statistics/comparison/models/compare.ts'
import { metrics } from '../../../statistics/metrics/catalogue.ts'
import { finite, rounded, together, type Findings, type Judged } from '../../evaluation/findings.ts'
import type { ModelAnswers } from '../../evaluation/rows/answers.ts'
import { requireClass } from '../../evaluation/rows/classes.ts'
import type { EvaluationRows } from '../../evaluation/rows/read-rows.ts'
import { heldTo } from '../champion/held-to.ts'
import type { GateVerdict, Measure } from '../gate.ts'
import { checkCalibration, type CalibrationCheck } from './check-calibration.ts'
import type { CalibrationParameters } from './parameters.ts'

/** What the report of this gate shows. */
export interface CalibrationDetails {
  readonly data: string
  readonly candidate: string
  readonly champion?: string
  readonly rows: number
  readonly classes: readonly ClassDetails[]
}

/** One class against all others; of two classes the positive one. */
export interface ClassDetails {
  readonly name: string
  readonly candidate: ShownCalibration
  readonly champion?: ShownCalibration
}

export interface ShownCalibration {
  /** Mean probability said and share seen, with the share's interval and the number of rows. */
  readonly curve: readonly {
    readonly predicted: number
    readonly observed: number
    readonly lower: number
    readonly upper: number
    readonly rows: number
  }[]
  /** Rows by probability in twentieths. */
  readonly histogram: readonly number[]
  readonly error: number | null
  readonly noise: number | null
  readonly hosmerLemeshow: {
    readonly statistic: number | null
    readonly pValue: number | null
    readonly groups: number
  }
}

/** Judges whether probabilities are what they say. Pure. Throws a validation error of models without probabilities. */
export function evaluateCalibration(
  rows: EvaluationRows,
  parameters: CalibrationParameters,
  judged: Judged,
): Findings {
  const classes = judgedClasses(rows, parameters)
  const found = classes.map((code) => {
    const name = rows.classes[code] ?? ''
    const own = checkCalibration(binaryOf(rows, rows.candidate, code), parameters)
    const theirs =
      rows.champion?.scores === undefined
        ? undefined
        : checkCalibration(binaryOf(rows, rows.champion, code), parameters)
    return { name, own, theirs }
  })
  const measures = [
    ...found.flatMap(({ name, own, theirs }) => [
      ...measuresOf(own, 'candidate', parameters, rows.classes.length > 2 ? name : undefined),
      ...(theirs === undefined
        ? []
        : measuresOf(theirs, 'champion', parameters, rows.classes.length > 2 ? name : undefined)),
    ]),
    ...brier(rows, parameters, judged.seed),
  ]
  const verdict = together(measures.map((measure) => measure.verdict))
  const details: CalibrationDetails = {
    data: judged.data,
    candidate: judged.candidate,
    ...(judged.champion === undefined ? {} : { champion: judged.champion }),
    rows: rows.rows,
    classes: found.map(({ name, own, theirs }) => ({
      name,
      candidate: shownOf(own),
      ...(theirs === undefined ? {} : { champion: shownOf(theirs) }),
    })),
  }
  return {
    verdict,
    summary: summaryOf(verdict, measures, found[0]?.own),
    measures,
    notes: [
      `Judged on ${plural(rows.rows, 'row')}. Spiegelhalter's and Hosmer and Lemeshow's tests are told only: of many rows they find what does not matter, of few they find nothing.`,
      ...rows.notes,
      ...rows.candidate.notes,
      ...(rows.dependence.by === 'row'
        ? []
        : ["Cox's slope takes rows for independent: its interval is too narrow where they are not."]),
    ],
    details: details as unknown as Json,
  }
}

/** Which classes are looked at: the positive one of two or the one that is named, else each. */
function judgedClasses(rows: EvaluationRows, { positive }: CalibrationParameters): readonly number[] {
  const { task, classes, candidate } = rows
  if (task === 'regression')
    throw errors.validation(
      'Calibration is of probabilities, and this is a regression: its target has numbers.',
    )
  if (candidate.scores === undefined)
    throw errors.validation(
      'Calibration is of probabilities, and the candidate gives none: its flavour has no predict_proba(), and predict() gives no numbers from 0 to 1.',
    )
  if (task === 'binary') return [1]
  if (positive === undefined) return classes.map((_, code) => code)
  return [classes.indexOf(requireClass(classes, positive))]
}

/** One class against the others. */
function binaryOf(rows: EvaluationRows, { scores }: ModelAnswers, code: number) {
  const width = rows.classes.length
  const probabilities =
    width === 2
      ? (scores ?? new Float64Array(0))
      : Float64Array.from({ length: rows.rows }, (_, row) => scores?.[row * width + code] ?? Number.NaN)
  return {
    labels: rows.labels.map((label) => Number(label === code)),
    probabilities,
    dependence: rows.dependence,
    ...(rows.weights === undefined ? {} : { weights: rows.weights }),
  }
}

function measuresOf(
  check: CalibrationCheck,
  of: 'candidate' | 'champion',
  { observed_over_expected: ratio, slope, confidence, max_calibration_error: most }: CalibrationParameters,
  name: string | undefined,
): Measure[] {
  const isJudged = of === 'candidate'
  const suffix = name === undefined ? '' : ` of ${name}`
  const base = { of, n: check.rows } as const
  const tooFew =
    check.rows < minimum.rows || Math.min(check.positives, check.rows - check.positives) < minimum.perClass
      ? `${plural(check.rows, 'row')} with ${check.positives} positive are too few: ${minimum.rows} and ${minimum.perClass} of each class are needed.`
      : undefined
  const judgedAs = (verdict: GateVerdict, limit: string): Partial<Measure> =>
    !isJudged
      ? {}
      : tooFew === undefined
        ? { verdict, limit }
        : { verdict: 'inconclusive', limit, note: tooFew }
  const within = (min: number, max: number) => `between ${quantity(min)} and ${quantity(max)}`
  const interval = ({ lower, upper }: { lower: number; upper: number }) =>
    Number.isFinite(lower) && Number.isFinite(upper) ? { interval: { lower, upper, confidence } } : {}
  return [
    {
      ...base,
      name: `observed_over_expected${suffix}`,
      estimate: finite(check.ratio.estimate),
      ...interval(check.ratio),
      method: 'delta method',
      ...judgedAs(wholly(check.ratio, ratio), within(ratio.min, ratio.max)),
    },
    {
      ...base,
      name: `calibration_slope${suffix}`,
      estimate: finite(check.slope.estimate),
      ...interval(check.slope),
      method: "Cox's logistic recalibration",
      ...judgedAs(
        meets(check.slope, slope),
        `an interval that meets ${quantity(slope.min)} … ${quantity(slope.max)}`,
      ),
    },
    {
      ...base,
      name: `calibration_intercept${suffix}`,
      estimate: finite(check.intercept.estimate),
      ...interval(check.intercept),
      method: 'calibration in the large',
    },
    {
      ...base,
      name: `expected_calibration_error${suffix}`,
      estimate: finite(check.error),
      method: `${check.curve.length} bins`,
      note: `A perfectly calibrated model would show about ${quantity(check.noise)} by chance.`,
      ...(most === undefined
        ? {}
        : judgedAs(
            check.error <= most ? 'pass' : check.error - 2 * check.noise > most ? 'fail' : 'inconclusive',
            `at most ${quantity(most)}`,
          )),
    },
    {
      ...base,
      name: `spiegelhalter_z${suffix}`,
      estimate: finite(check.spiegelhalter.z),
      note: `p = ${quantity(check.spiegelhalter.pValue)}`,
    },
  ]
}

type Range = { readonly min: number; readonly max: number }
type Bounds = { readonly lower: number; readonly upper: number }

const wholly = ({ lower, upper }: Bounds, { min, max }: Range): GateVerdict =>
  lower >= min && upper <= max ? 'pass' : upper < min || lower > max ? 'fail' : 'inconclusive'

/** A slope that may be right is accepted: one that is surely wrong is not. */
const meets = ({ lower, upper }: Bounds, { min, max }: Range): GateVerdict =>
  Number.isNaN(lower) ? 'inconclusive' : upper < min || lower > max ? 'fail' : 'pass'

function brier(
  rows: EvaluationRows,
  { brier_margin: margin, confidence }: CalibrationParameters,
  seed: number,
) {
  const metric = metrics.get('brier_score')
  if (metric === undefined || rows.candidate.scores === undefined) return []
  const { champion, ...alone } = rows
  const compared = champion?.scores === undefined ? alone : rows
  return heldTo('brier_score', metric, { not_worse_than: 'champion', margin, confidence }, compared, seed)
    .measures
}

const shownOf = (check: CalibrationCheck): ShownCalibration => ({
  curve: check.curve.map(({ predicted, observed, lower, upper, count }) => ({
    predicted: rounded(predicted),
    observed: rounded(observed),
    lower: rounded(lower),
    upper: rounded(upper),
    rows: Math.round(count),
  })),
  histogram: check.histogram,
  error: finite(check.error),
  noise: finite(check.noise),
  hosmerLemeshow: {
    statistic: finite(check.hosmerLemeshow.statistic),
    pValue: finite(check.hosmerLemeshow.pValue),
    groups: check.hosmerLemeshow.groups,
  },
})

function summaryOf(
  verdict: GateVerdict,
  measures: readonly Measure[],
  first: CalibrationCheck | undefined,
): string {
  const deciding = measures.find((measure) => measure.verdict === verdict)
  if (verdict === 'pass' && first !== undefined)
    return `For every 100 positive rows that the probabilities promise there are ${quantity(Math.round(1000 * first.ratio.estimate) / 10)}; the slope is ${quantity(rounded(first.slope.estimate, 3))} and the calibration error ${percent(first.error)}.`
  if (deciding === undefined) return 'Nothing could be judged.'
  const range =
    deciding.interval === undefined
      ? ''
      : ` (${quantity(rounded(deciding.interval.lower, 4))} … ${quantity(rounded(deciding.interval.upper, 4))})`
  return `${deciding.name} is ${deciding.estimate === null ? 'undefined' : quantity(rounded(deciding.estimate, 4))}${range}, and has to be ${deciding.limit}.${deciding.note === undefined ? '' : ` ${deciding.note}`}`
}
