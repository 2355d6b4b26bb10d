import { plural } from '../../../../data/contracts/words/say.ts'
import {
  chunkLimit,
  constantLimit,
  constantOf,
  isBeyond,
  leastChunks,
} from '../../../outcomes/judging/limits.ts'
import { finite } from '../../../outcomes/measures/stored.ts'
import { openOutcomes, type Outcomes } from '../../../outcomes/outcomes.ts'
import { segmentKey, segmentSets } from '../../../outcomes/segments.ts'
import { NoData } from '../../../populations/population.ts'
import type { SignalResult, SignalValue } from '../../../results/result.ts'
import type { SignalContext, SignalProgress } from '../../signal.ts'
import { classificationEstimates } from '../metrics.ts'
import { usualLimits, type EstimationParameters } from '../parameters.ts'
import { calibrate } from './calibrate.ts'
import { expectedOutcomes, type ExpectedOutcomes } from './estimate.ts'
import { fitReference, restoredFit, storedFit, type Fit } from './fit.ts'
import { estimatedValues, realizedValues, type Estimated } from './values.ts'

/**
 * Confidence-based performance estimation: what the metrics of a classification are expected to be without labels, from
 * its probabilities, calibrated on the labelled reference where that makes them better (NannyML's CBPE). It holds as long
 * as what is true at a given probability stays as it was: a drift of the concept does not show in it.
 */
export async function advanceCbpe(
  parameters: EstimationParameters,
  context: SignalContext,
): Promise<SignalProgress> {
  const work = context.inBackground('estimate', () => estimate(parameters, context))
  return work === undefined ? { doing: 'estimates how good the model is' } : { result: await work }
}

interface Found {
  readonly outcomes: Outcomes
  readonly fit: Fit
  readonly expected: readonly ExpectedOutcomes[]
}

async function estimate(parameters: EstimationParameters, context: SignalContext): Promise<SignalResult> {
  const { outcomes, fit, expected } = await find(parameters, context)
  const { planned } = context
  const parts = fit.chunks.map(
    (chunk) => new Map([...chunk].map(([key, realized]) => [key, realizedValues(realized, parameters)])),
  )
  const chunkValues = (key: string, metric: string) =>
    parts.map((part) => part.get(key)?.get(metric) ?? Number.NaN)
  const values = expected.flatMap((own) => {
    const key = segmentKey(own.segment)
    const about = own.segment === undefined ? {} : { segment: own.segment }
    return [...estimatedValues(own, fit.reference.get(key), parameters)].map(([name, estimated]) => ({
      ...about,
      ...valueOf(name, estimated, parameters, context, () => chunkValues(key, name)),
    }))
  })
  const all = fit.reference.get('')
  const { classes, scores } = outcomes
  return {
    outcome: 'computed',
    values,
    notes: [
      ...outcomes.notes,
      ...fit.notes,
      calibrationNote(fit, classes, scores),
      ...unpredictedNotes(expected),
      ...(parts.length < leastChunks && planned.thresholds.fromReference !== undefined
        ? [`Limits from the reference need at least ${leastChunks} chunks of it: there are ${parts.length}.`]
        : []),
      'Estimates hold as long as what is true at a given probability has not changed: look at concept_drift when labels are in.',
    ],
    details: {
      method: 'CBPE',
      classes:
        scores.length === 1
          ? ['other', classes[scores[0]?.code ?? 0] ?? '']
          : scores.map(({ code }) => classes[code] ?? ''),
      confusion: Array.from(expected[0]?.table.cells ?? [], finite),
      calibrated: fit.calibrators.map((own) => own !== undefined),
      ...(all === undefined
        ? {}
        : {
            reference: Object.fromEntries(
              [...realizedValues(all, parameters)].map(([name, value]) => [name, finite(value)]),
            ),
          }),
    },
  }
}

async function find(parameters: EstimationParameters, context: SignalContext): Promise<Found> {
  const { populations, planned, seed } = context
  const [production, reference] = [await populations.production(), await populations.reference()]
  if (reference.roles.target === undefined)
    throw new NoData('The reference has no labels to learn from: name its column as target_column.')
  const asked = planned.thresholds.fromReference?.chunks ?? usualLimits.chunks
  const chunks = await populations.chunks(reference, asked)
  const { target: _, ...roles } = production.roles
  const sets = segmentSets(planned.segments)
  return populations.session(async (session) => {
    const outcomes = await openOutcomes(
      session,
      // Labels that are in already play no part.
      { production: { ...production, roles }, reference, chunks },
      {
        task: 'classification',
        segments: planned.segments,
        threshold: parameters.decision_threshold,
        ...(parameters.positive_label === undefined ? {} : { positive: parameters.positive_label }),
      },
    )
    const { reference: rows, scores } = outcomes
    if (rows === undefined || scores.length === 0)
      throw new NoData(
        'Performance is estimated from probabilities: name their columns as probability_column.',
      )
    if (!rows.hasProbabilities)
      throw new NoData(
        'The reference has no probabilities to learn from: name their columns as probability_column.',
      )
    requireMatrix(parameters, outcomes)
    const how = { parameters, roles: reference.roles, scores, classes: outcomes.classes, asked, seed }
    const key = JSON.stringify(['cbpe', reference.fingerprint, planned.segments, how])
    const fit = restoredFit(
      await context.cached(key, async () =>
        storedFit(await fitReference(session, { ...outcomes, reference: rows }, sets, seed)),
      ),
    )
    requireLabelled(fit)
    await calibrate(session, outcomes.production, scores, fit.calibrators, planned.segments)
    const expected: ExpectedOutcomes[] = []
    for (const set of sets) expected.push(...(await expectedOutcomes(session, scores, set)))
    if ((expected[0]?.rows ?? 0) === 0)
      throw new NoData(`None of the ${plural(production.rows, 'row')} of the window has a probability.`)
    return { outcomes, fit, expected }
  })
}

function requireMatrix({ business_value_matrix: matrix }: EstimationParameters, { scores }: Outcomes): void {
  const size = Math.max(2, scores.length)
  if (matrix !== undefined && (matrix.length !== size || matrix.some((row) => row.length !== size)))
    throw new NoData(`business_value_matrix is to have ${size} rows of ${size} values, one for each class.`)
}

function requireLabelled({ reference }: Fit): void {
  if (!reference.has('')) throw new NoData('No row of the reference has a label and a prediction.')
}

function valueOf(
  name: string,
  { value, lower, upper, n }: Estimated,
  { min_rows: least }: EstimationParameters,
  { planned }: SignalContext,
  ofChunks: () => readonly number[],
): SignalValue {
  const metric = `estimated_${name}`
  const beyond = classificationEstimates.find((one) => one.name === metric)?.beyond ?? 'below'
  const constant = constantOf(planned, metric)
  const isSaid = Object.keys(planned.thresholds.constant).length > 0
  const fromReference = planned.thresholds.fromReference ?? (isSaid ? undefined : usualLimits)
  const isShare = !name.includes('_positive') && !name.includes('_negative') && name !== 'business_value'
  const range = isShare ? { least: 0, most: 1 } : {}
  const limit =
    constant !== undefined
      ? constantLimit(constant, beyond)
      : fromReference === undefined
        ? undefined
        : chunkLimit(ofChunks(), fromReference.deviations, beyond, range)
  const isKnown = Number.isFinite(value)
  return {
    metric,
    value: finite(value),
    n,
    ...(Number.isFinite(lower) && Number.isFinite(upper)
      ? { interval: { lower, upper, confidence: 0.9973 }, method: 'CBPE, ± 3 sampling errors' }
      : { method: 'CBPE' }),
    ...(limit === undefined ? {} : { threshold: limit }),
    ...(!isKnown
      ? { note: 'It is not defined on these rows.' }
      : limit === undefined
        ? {}
        : n < least
          ? { note: `Fewer than ${least} rows are not judged.` }
          : { breached: isBeyond(value, limit) }),
  }
}

/** Rows that only the areas under the curves count. */
function unpredictedNotes([all]: readonly ExpectedOutcomes[]): readonly string[] {
  const missing = all === undefined ? 0 : all.rows - all.predicted
  return missing === 0
    ? []
    : [
        `${plural(missing, 'row')} have no prediction of a class with a probability: only the areas count them.`,
      ]
}

function calibrationNote(
  { calibrators }: Fit,
  classes: readonly string[],
  scores: Outcomes['scores'],
): string {
  const names = scores.flatMap(({ code }, i) => (calibrators[i] === undefined ? [] : [classes[code] ?? '']))
  return names.length === 0
    ? 'The probabilities are taken as they are: calibrating them would not make them better.'
    : `The probabilities of ${names.join(', ')} are calibrated by isotonic regression on the reference.`
}
