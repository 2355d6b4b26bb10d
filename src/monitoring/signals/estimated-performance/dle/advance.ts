import { z } from 'zod'
import { plural, quantity } from '../../../../data/contracts/words/say.ts'
import { NoData, type Population, type PopulationColumn } from '../../../populations/population.ts'
import type { SignalValue } from '../../../results/result.ts'
import { comparedColumns } from '../../compared-columns.ts'
import { askProgram } from '../../jobs/ask-program.ts'
import { sampled } from '../../jobs/rows.ts'
import type { SignalContext, SignalProgress } from '../../signal.ts'
import type { PlannedSignal } from '../../../monitors/monitor.ts'
import { isBeyond, type Limit } from '../../../outcomes/judging/limits.ts'
import { segmentSets, type SegmentSet } from '../../../outcomes/segments.ts'

/** NannyML's: ten chunks, three standard deviations. */
const byDefault = { deviations: 3, chunks: 10 } as const

/** What is estimated; each metric is called `estimated_…`. */
const metrics = ['mae', 'mape', 'mse', 'rmse', 'msle', 'rmsle'] as const

/** The losses are learned from so many rows at most, and estimated on so many. */
const mostRows = 200_000

const answer = z.object({
  rows: z.tuple([z.number(), z.number()]),
  metrics: z.partialRecord(
    z.enum(metrics),
    z.object({
      value: z.number(),
      sampling_error: z.number(),
      /** What it was over the whole reference. */
      reference: z.number(),
      chunks: z.array(z.number()),
      mean: z.number(),
      deviation: z.number(),
      segments: z.array(
        z.object({
          /** Which of the sets of columns that were asked, and the values of these. */
          set: z.number(),
          segment: z.array(z.string()),
          rows: z.number(),
          value: z.number(),
          sampling_error: z.number(),
        }),
      ),
    }),
  ),
  notes: z.array(z.string()),
})

type Estimate = NonNullable<z.infer<typeof answer>['metrics']['mae']>

/**
 * Estimates the errors of a regression before the truth is known, as NannyML's direct loss estimation does, by a job
 * (`python/twinloop_signal/loss_estimation.py`). The reference has features, predictions and truth; production the first two.
 * Limits are the monitor's or, where it says none, mean ± 3 standard deviations of the reference's own chunks. Throws NoData
 * where a column is not known.
 */
export async function advanceDle(
  { min_rows: least }: { readonly min_rows: number },
  context: SignalContext,
): Promise<SignalProgress> {
  const reference = await context.populations.reference()
  const production = await context.populations.production()
  const { columns, notes } = comparedColumns(reference, production, context.planned.features)
  const asked = { reference, production, columns, ...namesOf(reference, production) }
  const found = await askProgram(context, 'loss-estimation', () => Promise.resolve(question(asked, context)))
  if (found === undefined) return { doing: 'learns how wrong the model is on which rows' }
  const { rows, metrics: estimates, notes: more } = answer.parse(found)
  const values = metrics.flatMap((metric) => {
    const estimate = estimates[metric]
    return estimate === undefined ? [] : judged(metric, estimate, rows, least, context)
  })
  return {
    result: {
      outcome: 'computed',
      values,
      notes: [...notes, ...drawn(asked), ...more],
      details: {
        chunks: Object.fromEntries(Object.entries(estimates).map(([metric, { chunks }]) => [metric, chunks])),
        reference: Object.fromEntries(
          Object.entries(estimates).map(([metric, { reference: whole }]) => [metric, whole]),
        ),
      },
    },
  }
}

interface Asked {
  readonly reference: Population
  readonly production: Population
  readonly columns: readonly PopulationColumn[]
  readonly prediction: string
  readonly target: string
}

function namesOf(reference: Population, production: Population): Pick<Asked, 'prediction' | 'target'> {
  const { prediction = production.roles.prediction, target } = reference.roles
  const has = ({ columns }: Population, name: string | undefined) =>
    columns.some((column) => column.name === name)
  if (prediction === undefined || !has(reference, prediction))
    throw new NoData(
      'Errors are learned from a reference with predictions: name their column (data_column_names: { prediction_column: … }).',
    )
  if (target === undefined || !has(reference, target))
    throw new NoData(
      'Errors are learned from a reference with the truth: name its column (data_column_names: { target_column: … }).',
    )
  if (!has(production, prediction))
    throw new NoData(`The production data have no predictions: they have no column '${prediction}'.`)
  return { prediction, target }
}

function question({ reference, production, columns, prediction, target }: Asked, { planned }: SignalContext) {
  const features = columns.filter(({ name }) => name !== prediction && name !== target)
  const given = [
    ...features.map(({ name, kind }) => ({
      name,
      as: kind === 'categorical' ? ('text' as const) : ('number' as const),
    })),
    { name: prediction, as: 'number' as const },
  ]
  return {
    program: 'loss_estimation.py',
    ask: {
      columns: features.map(({ name }) => name),
      categorical: features.filter(({ kind }) => kind === 'categorical').map(({ name }) => name),
      prediction,
      target,
      metrics,
      segments: setsOf(planned).map(({ names }) =>
        names.map((name) => segmentColumn(planned.segments.indexOf(name))),
      ),
      chunks: (planned.thresholds.fromReference ?? byDefault).chunks,
    },
    rows: {
      reference: {
        population: reference,
        columns: [...given, { name: target, as: 'number' as const }],
        most: mostRows,
      },
      production: {
        population: production,
        columns: [
          ...given,
          ...planned.segments.map((name, i) => ({ name, as: 'text' as const, under: segmentColumn(i) })),
        ],
        most: mostRows,
      },
    },
  }
}

/** No feature is called like that. */
const segmentColumn = (place: number): string => `twinloop_segment_${place}`

const setsOf = ({ segments }: PlannedSignal): readonly SegmentSet[] =>
  segmentSets(segments).filter(({ names }) => names.length > 0)

const drawn = ({ reference, production }: Asked): readonly string[] =>
  (
    [
      ['reference', reference],
      ['production', production],
    ] as const
  ).flatMap(([whose, population]) =>
    sampled({ population, most: mostRows })
      ? [`By about ${quantity(mostRows)} of ${plural(population.rows, `${whose} row`)}, drawn at random.`]
      : [],
  )

/** Sampling errors to each side that make NannyML's confidence band; of a normal mean 99.73 % lie within. */
const band = { errors: 3, confidence: 0.9973 } as const

function judged(
  name: (typeof metrics)[number],
  estimate: Estimate,
  [referenceN, n]: readonly [number, number],
  least: number,
  { planned }: SignalContext,
): readonly SignalValue[] {
  const metric = `estimated_${name}`
  const { mean, deviation, chunks, segments } = estimate
  const upper = limitOf(planned.thresholds.constant, metric)
  const { deviations } = planned.thresholds.fromReference ?? byDefault
  const constant: Limit | undefined = upper === undefined ? undefined : { upper, from: 'constant' }
  const limit: Limit | undefined =
    constant ??
    (chunks.length < 2
      ? undefined
      : {
          lower: Math.max(0, mean - deviations * deviation),
          upper: mean + deviations * deviation,
          from: 'reference',
        })
  const told = (
    { value, sampling_error: error }: Pick<Estimate, 'value' | 'sampling_error'>,
    rows: number,
    threshold: Limit | undefined,
  ): SignalValue => ({
    metric,
    value,
    interval: {
      lower: Math.max(0, value - band.errors * error),
      upper: value + band.errors * error,
      confidence: band.confidence,
    },
    n: rows,
    referenceN,
    method: 'direct loss estimation, LightGBM',
    ...(threshold === undefined ? {} : { threshold }),
    ...(rows < least
      ? { note: `Not judged: ${plural(rows, 'row')}, fewer than ${quantity(least)}.` }
      : threshold === undefined
        ? {}
        : { breached: isBeyond(value, threshold) }),
  })
  const sets = setsOf(planned)
  return [
    told(estimate, n, limit),
    ...segments.map(({ segment, set, ...part }) => ({
      // Chunks of all rows tell nothing of how a part of them varies.
      ...told(part, part.rows, constant),
      segment: Object.fromEntries((sets[set]?.names ?? []).map((column, i) => [column, segment[i] ?? ''])),
    })),
  ]
}

/** In whichever group the monitor has it. */
const limitOf = (
  constant: SignalContext['planned']['thresholds']['constant'],
  metric: string,
): number | undefined => constant['regression']?.[metric] ?? constant['']?.[metric]
