import { z } from 'zod'
import { nearest } from '../../../kernel/nearest.ts'
import { metrics } from '../../../statistics/metrics/catalogue.ts'
import { columnOrColumns, confidence, rowsParameters, share } from '../../evaluation/parameters.ts'

/** What a metric is held to. */
const demand = z
  .strictObject({
    min: z.number().optional(),
    max: z.number().optional(),
    /** Non-inferior: worse than the champion by less than the margin, with confidence. */
    not_worse_than: z.literal('champion').optional(),
    /** Superior: better than the champion, with confidence. */
    better_than: z.literal('champion').optional(),
    /**
     * In the metric's unit; of losses and errors a share of the champion's (0.01 is 1 %). Default: 0.005, and 1 % of losses
     * and errors.
     */
    margin: share.optional(),
    confidence: confidence.default(0.95),
  })
  .refine((value) => value.min === undefined || value.max === undefined || value.min <= value.max, {
    error: 'min is above max',
  })

export type Demand = z.infer<typeof demand>

const demands = z.record(
  z.string(),
  z.preprocess((value) => value ?? {}, demand),
)

/** Names alone mean: not worse than the champion. */
const chosenMetrics = z
  .preprocess(
    (value) =>
      Array.isArray(value)
        ? Object.fromEntries(value.map((name) => [String(name), { not_worse_than: 'champion' }]))
        : value,
    demands,
  )
  .superRefine((chosen, context) => {
    for (const name of Object.keys(chosen)) {
      if (metrics.has(name)) continue
      const near = nearest(name, metrics.keys())
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `'${name}' is no metric.${near === undefined ? ` Metrics are ${[...metrics.keys()].join(', ')}.` : ` Did you mean '${near}'?`}`,
      })
    }
  })

/** What a plan may say of the gate `champion`. */
export const championParameters = z
  .strictObject({
    ...rowsParameters,
    /** Default: by the task, each not worse than the champion. */
    metrics: chosenMetrics.optional(),
    /** The metric by which slices are judged. Default: the first. */
    primary: z.string().optional(),
    /** Parts of the rows in each of which the candidate must not be worse by more than twice the margin. */
    slices: z.array(columnOrColumns).default([]),
    /** Another margin for slices. */
    slice_margin: share.optional(),
    /** Slices with fewer rows are told and not judged. */
    min_slice_size: z.number().int().min(1).default(200),
    /** Whether to look for slices in which the candidate does badly; they inform and never decide. */
    discover_slices: z.boolean().default(true),
    /** Share of rows that the candidate may have no answer for. */
    max_errors: share.default(0),
    /** What mistakes cost, in any unit: the candidate's cost a row must not be above the champion's by more than 1 %. */
    costs: z
      .strictObject({ false_positive: z.number().positive(), false_negative: z.number().positive() })
      .optional(),
  })
  .superRefine(({ metrics: chosen, primary }, context) => {
    if (primary === undefined || chosen === undefined || Object.hasOwn(chosen, primary)) return
    const near = nearest(primary, Object.keys(chosen))
    context.addIssue({
      code: 'custom',
      path: ['primary'],
      message: `'${primary}' is none of the metrics.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
    })
  })

export type ChampionParameters = z.infer<typeof championParameters>
