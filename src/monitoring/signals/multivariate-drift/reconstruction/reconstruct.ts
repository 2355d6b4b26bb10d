import { createHash } from 'node:crypto'
import { listing } from '../../../../data/contracts/words/say.ts'
import type { Json } from '../../../../kernel/resources/resource.ts'
import { NoData, type Population, type PopulationColumn } from '../../../populations/population.ts'
import type { SignalValue } from '../../../results/result.ts'
import type { Segment } from '../../../outcomes/segments.ts'
import { segmentValues } from '../../drift/segment-values.ts'
import type { SignalContext } from '../../signal.ts'
import type { MultivariateParameters } from '../parameters.ts'
import { countCategories } from './encoding.ts'
import { columnResiduals, reconstructionError, type ReconstructionError } from './error.ts'
import { fitModel, type ReconstructionModel } from './model.ts'

/** What was found by principal components. */
export interface Reconstructed {
  readonly values: readonly SignalValue[]
  readonly notes: readonly string[]
  readonly details: Json
}

export const reconstructionMetric = 'reconstruction_error'

/** More columns than this make more than 20,000 covariances: those that matter are better named. */
const mostColumns = 200

/** NannyML's: ten chunks, three standard deviations. */
const byDefault = { deviations: 3, chunks: 10 } as const

/** Another definition is another model: what was kept of the one before does not count. */
const definition = 2

/** The model of a reference, with the errors of equal parts of its rows. */
interface Fitted {
  readonly model: ReconstructionModel
  /** Mean square of what is left of each column of the reference. */
  readonly residuals: readonly number[]
  readonly chunks: readonly number[]
}

/**
 * The mean reconstruction error of the production rows by the reference's principal components. Its limit is the monitor's
 * or, where it says none, that of the reference's own chunks: mean + 3 standard deviations, and as far below.
 */
export async function reconstruct(
  context: SignalContext,
  {
    reference,
    production,
    columns,
  }: {
    readonly reference: Population
    readonly production: Population
    readonly columns: readonly PopulationColumn[]
  },
  { variance }: MultivariateParameters,
): Promise<Reconstructed> {
  if (columns.length > mostColumns)
    throw new NoData(
      `${columns.length} features are more than ${mostColumns}, which is as many as principal components are taken of: name those that matter (features:).`,
    )
  const { populations, planned } = context
  const { deviations, chunks: count } = planned.thresholds.fromReference ?? byDefault
  const parts = await populations.chunks(reference, Math.min(count, reference.rows))
  const { fitted, found, residuals, segments, segmentNotes } = await populations.session(async (session) => {
    let counted = false
    const asked = [definition, reference.fingerprint, columns, variance, parts.length]
    const key = createHash('sha256').update(JSON.stringify(asked)).digest('hex')
    const kept = await context.cached(`reconstruction/${key}`, async () => {
      const model = await fitModel(session, reference, columns, variance)
      counted = true
      if (model.left.length === 0) throw nothingLeft(model, variance)
      const chunks: number[] = []
      for (const part of parts) chunks.push((await reconstructionError(session, part, model)).mean)
      return { model, residuals: await columnResiduals(session, reference, model), chunks }
    })
    const fitted = kept as unknown as Fitted
    if (!counted) await countCategories(session, reference, fitted.model.encodings)
    const found = await reconstructionError(session, production, fitted.model)
    const residuals = await columnResiduals(session, production, fitted.model)
    const chosen = await segmentValues(session, planned.segments, { production })
    const segments: { readonly segment: Segment; readonly found: ReconstructionError }[] = []
    for (const { segment, filter } of chosen.segments) {
      const view = `(select * from ${production.view} where ${filter})`
      segments.push({ segment, found: await reconstructionError(session, { view }, fitted.model) })
    }
    return { fitted, found, residuals, segments, segmentNotes: chosen.notes }
  })
  const { model, chunks } = fitted
  const limits = limitsOf(context, chunks, deviations)
  return {
    values: [
      judged(found, reference.rows, model, limits),
      // Chunks of all rows tell nothing of how a part of them varies.
      ...segments.map(({ segment, found: part }) => ({
        ...judged(part, reference.rows, model, limits?.from === 'constant' ? limits : undefined),
        segment,
      })),
    ],
    notes: [
      ...(model.empty.length === 0
        ? []
        : [`Without ${listing(model.empty)}: the reference has no value of it.`]),
      ...segmentNotes,
    ],
    details: {
      components: model.components,
      explained: model.explained,
      chunks,
      columns: model.encodings.map(({ name }, i) => ({
        column: name,
        reference: fitted.residuals[i] ?? 0,
        production: residuals[i] ?? 0,
      })),
    },
  }
}

const nothingLeft = ({ encodings }: ReconstructionModel, variance: number) =>
  new NoData(
    `All ${encodings.length} components of the features are needed to explain ${variance} of their variance, so nothing is left to measure: take more features, or a smaller variance.`,
  )

function limitsOf(
  { planned }: SignalContext,
  chunks: readonly number[],
  deviations: number,
): SignalValue['threshold'] {
  const upper = planned.thresholds.constant['']?.[reconstructionMetric]
  if (upper !== undefined) return { upper, from: 'constant' }
  if (chunks.length < 2) return undefined
  const mean = chunks.reduce((sum, value) => sum + value, 0) / chunks.length
  const spread = Math.sqrt(chunks.reduce((sum, value) => sum + (value - mean) ** 2, 0) / chunks.length)
  const lower = mean - deviations * spread
  // An error is never below 0: there is no such limit then, as NannyML has it.
  return { ...(lower > 0 ? { lower } : {}), upper: mean + deviations * spread, from: 'reference' }
}

/** Sampling errors to each side that make NannyML's confidence band; of a normal mean 99.73 % lie within. */
const band = { errors: 3, confidence: 0.9973 } as const

function judged(
  { rows, mean, standardError }: ReconstructionError,
  referenceN: number,
  { components, encodings, explained }: ReconstructionModel,
  threshold: SignalValue['threshold'],
): SignalValue {
  const half = band.errors * (standardError ?? Number.NaN)
  return {
    metric: reconstructionMetric,
    value: mean,
    ...(standardError === null
      ? {}
      : {
          interval: { lower: Math.max(0, mean - half), upper: mean + half, confidence: band.confidence },
        }),
    n: rows,
    referenceN,
    method: `${components} of ${encodings.length} components, which explain ${(100 * explained).toFixed(1)}% of the variance`,
    ...(threshold === undefined
      ? {}
      : {
          threshold,
          breached:
            mean > (threshold.upper ?? Number.POSITIVE_INFINITY) ||
            mean < (threshold.lower ?? Number.NEGATIVE_INFINITY),
        }),
  }
}
