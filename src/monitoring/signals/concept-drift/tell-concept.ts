import { percent, quantity } from '../../../data/contracts/words/say.ts'
import { twoSided } from '../../../statistics/intervals/interval.ts'
import { brierParts } from '../../../statistics/metrics/calibration/brier-parts.ts'
import {
  decompose,
  meanShift,
  meanShiftNoise,
  meansTest,
  sharesTest,
  type Stratum,
} from '../../../statistics/shift/strata.ts'
import { constantLimit, constantOf, isBeyond, isSurelyBeyond } from '../../outcomes/judging/limits.ts'
import { maturityValues, type Maturity } from '../../outcomes/judging/maturity.ts'
import { finite } from '../../outcomes/measures/stored.ts'
import type { Outcomes } from '../../outcomes/outcomes.ts'
import type { Segment } from '../../outcomes/segments.ts'
import { NoData } from '../../populations/population.ts'
import type { PlannedSignal } from '../../monitors/monitor.ts'
import type { SignalResult, SignalValue } from '../../results/result.ts'
import type { RowLoss } from './losses.ts'
import type { Concept } from './measure-concept.ts'
import { carriedMetric, conceptMetrics, usualCusumLimit } from './metrics.ts'
import type { ConceptParameters } from './parameters.ts'
import { pageHinkleyOf } from './sequence.ts'

export interface Telling {
  readonly loss: RowLoss
  readonly maturity: Maturity
  readonly parameters: ConceptParameters
  readonly planned: PlannedSignal
  readonly outcomes: Outcomes
  readonly notes: readonly string[]
}

/** What was found of all rows, or of a segment. */
export interface FoundConcept {
  readonly segment: Segment | undefined
  readonly concept: Concept
}

/** What was found as a signal's result, held against the monitor's limits: pure. Throws NoData where nothing was. */
export function told(found: readonly FoundConcept[], telling: Telling): SignalResult {
  const { maturity, loss, outcomes } = telling
  const [all] = found
  if (all === undefined || all.segment !== undefined)
    throw new NoData('No row of the window has both a label and a prediction.')
  const provisional = maturity.isMature ? {} : { provisional: true }
  const values = found.flatMap(({ segment, concept }) =>
    [
      ...comparedValues(concept, telling),
      ...sequenceValues(concept, telling),
      ...brierValues(concept, telling),
    ].map((value) => ({ ...value, ...(segment === undefined ? {} : { segment }), ...provisional })),
  )
  const { compared, batches } = all.concept
  return {
    outcome: 'computed',
    values: [...values, ...maturityValues(maturity)],
    notes: [
      maturity.note,
      `The loss of a row is ${words[loss.name]}.`,
      ...outcomes.notes,
      ...telling.notes,
      ...(compared === undefined
        ? ['Without a labelled reference only Page and Hinkley’s test tells of a change within the window.']
        : comparableNotes(compared.losses)),
    ],
    details: {
      loss: loss.name,
      batches: batches.map(({ rows, mean }) => ({ rows, mean: finite(mean) })),
      strata: (compared?.losses ?? []).map(storedStratum),
      shares: (compared?.events ?? []).map(storedStratum),
    },
  }
}

const words = {
  brier: 'the square of what its probability is off',
  zero_one: '1 if its class is wrong',
  absolute: 'how far its prediction is off',
  squared: 'the square of how far its prediction is off',
} as const

const storedStratum = ({ reference, production }: Stratum) => ({
  reference: { rows: reference.rows, mean: finite(reference.mean) },
  production: { rows: production.rows, mean: finite(production.mean) },
})

function comparableNotes(strata: readonly Stratum[]): readonly string[] {
  const { comparable } = decompose(strata, 0)
  return comparable < 1
    ? [
        `${percent(1 - comparable)} of the rows have scores that the reference has none of: they are left out.`,
      ]
    : []
}

function comparedValues({ compared, rows }: Concept, telling: Telling): readonly SignalValue[] {
  if (compared === undefined) return []
  const { confidence } = telling.parameters
  const { concept, conceptInterval, covariate, change } = decompose(compared.losses, twoSided(1 - confidence))
  const { losses, events } = compared
  const test = events.length > 0 ? sharesTest(events) : meansTest(losses)
  const about = { n: rows, referenceN: compared.referenceRows }
  const noise = meanShiftNoise(events)
  return [
    judged(
      {
        metric: 'concept_effect',
        value: finite(concept),
        ...about,
        interval: { ...conceptInterval, confidence },
        method: `${losses.length} strata of equal scores`,
      },
      telling,
      { isSure: true },
    ),
    judged({ metric: 'covariate_effect', value: finite(covariate), ...about }, telling),
    { metric: 'loss_change', value: finite(change), ...about },
    judged(
      {
        metric: 'concept_p_value',
        value: finite(test.pValue),
        ...about,
        method: `chi-squared with ${test.degrees} degrees of freedom`,
      },
      telling,
    ),
    ...(events.length === 0
      ? []
      : [
          judged(
            {
              metric: 'calibration_shift',
              value: finite(meanShift(events)),
              ...about,
              note: `Chance alone makes about ${quantity(Number(noise.toPrecision(2)))}.`,
            },
            telling,
          ),
        ]),
  ]
}

function sequenceValues({ batches, cusum, rows }: Concept, telling: Telling): readonly SignalValue[] {
  const { tolerance, allowance } = telling.parameters
  const method = `${batches.length} batches`
  const hinkley = judged(
    { metric: 'page_hinkley', value: pageHinkleyOf(batches, tolerance), n: rows, method },
    telling,
  )
  if (cusum === undefined) return [hinkley]
  const limit = cusumLimit(telling)
  return [
    hinkley,
    judged(
      { metric: 'loss_cusum', value: cusum.greatest, n: rows, method: `${method}, allowance ${allowance}` },
      telling,
    ),
    // Carried no higher than its limit: once the model is better, the sum falls at once.
    { metric: carriedMetric, value: Math.min(cusum.last, limit ?? usualCusumLimit), n: rows },
  ]
}

function cusumLimit({ planned }: Telling): number | undefined {
  const isSaid = Object.keys(planned.thresholds.constant).length > 0
  return constantOf(planned, 'loss_cusum') ?? (isSaid ? undefined : usualCusumLimit)
}

function brierValues({ bins, rows }: Concept, telling: Telling): readonly SignalValue[] {
  if (bins === undefined) return []
  const { reliability, resolution, uncertainty } = brierParts(bins)
  const method = 'Murphy’s partition, 10 bins'
  return [
    judged({ metric: 'reliability', value: finite(reliability), n: rows, method }, telling),
    judged({ metric: 'resolution', value: finite(resolution), n: rows, method }, telling),
    { metric: 'uncertainty', value: finite(uncertainty), n: rows, method },
  ]
}

/** Holds a value against the monitor's limit of it; `isSure`: beyond it only if the whole interval is. */
function judged(value: SignalValue, telling: Telling, { isSure = false } = {}): SignalValue {
  const { maturity, parameters, planned } = telling
  const { metric } = value
  const constant = metric === 'loss_cusum' ? cusumLimit(telling) : constantOf(planned, metric)
  if (constant === undefined) return value
  const beyond = conceptMetrics.find(({ name }) => name === metric)?.beyond ?? 'above'
  const threshold = constantLimit(constant, beyond)
  const base = { ...value, threshold }
  if (value.value === null || !maturity.isMature) return base
  if (value.n < parameters.min_rows)
    return { ...base, note: `Fewer than ${quantity(parameters.min_rows)} rows are not judged.` }
  if (!isSure || value.interval === undefined) return { ...base, breached: isBeyond(value.value, threshold) }
  if (isSurelyBeyond(value.interval, threshold)) return { ...base, breached: true }
  return isBeyond(value.value, threshold)
    ? { ...base, note: 'Inconclusive: its interval has the limit within it.' }
    : { ...base, breached: false }
}
