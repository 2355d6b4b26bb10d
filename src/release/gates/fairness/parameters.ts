import { z } from 'zod'
import { nearest } from '../../../kernel/nearest.ts'
import { oneOf } from '../../../kernel/resources/schema.ts'
import { disparities } from '../../../statistics/fairness/disparities.ts'
import { columnOrColumns, confidence, rowsParameters, share } from '../../evaluation/parameters.ts'

const limit = z.strictObject({
  /** Of a difference: 0 is parity. */
  max: share.optional(),
  /** Of a ratio: 1 is parity. */
  min: share.optional(),
})

/** How far groups may differ where a plan does not say: a tenth, or four fifths. */
const usual = { difference: 0.1, ratio: 0.8 } as const

const metricsAsked = z
  .record(
    z.string(),
    z.preprocess((value) => value ?? {}, limit),
  )
  .superRefine((asked, context) => {
    for (const [name, { max, min }] of Object.entries(asked)) {
      const isRatio = name.endsWith('_ratio')
      const near = nearest(name, disparities.keys())
      const message = !disparities.has(name)
        ? `'${name}' is no disparity.${near === undefined ? ` There are ${[...disparities.keys()].join(', ')}.` : ` Did you mean '${near}'?`}`
        : isRatio && max !== undefined
          ? 'a ratio has a min: 1 is parity'
          : !isRatio && min !== undefined
            ? 'a difference has a max: 0 is parity'
            : isRatio && !((min ?? usual.ratio) > 0 && (min ?? usual.ratio) <= 1)
              ? 'a ratio is above 0 and at most 1'
              : undefined
      if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message })
    }
  })

/** What a plan may say of the gate `fairness`. One metric may be said shortly: `metric: …, max: …`. */
export const fairnessParameters = z.preprocess(
  (value) => {
    if (
      typeof value !== 'object' ||
      value === null ||
      !('metric' in value || 'max' in value || 'min' in value)
    )
      return value
    const { metric = 'equalized_odds_difference', max, min, ...others } = value as Record<string, unknown>
    if ('metrics' in others || typeof metric !== 'string') return value
    const said = { ...(max === undefined ? {} : { max }), ...(min === undefined ? {} : { min }) }
    return { ...others, metrics: { [metric]: said } }
  },
  z.strictObject({
    ...rowsParameters,
    /** Columns whose groups are to be treated alike; several together are their intersections. */
    sensitive_features: z.preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(columnOrColumns).min(1),
    ),
    /** Whether all pairs of the features are judged too, as far as they are large enough. */
    intersections: z.boolean().default(true),
    metrics: metricsAsked.default({ equalized_odds_difference: { max: usual.difference } }),
    confidence: confidence.default(0.95),
    /** Groups with fewer rows are told and not judged. */
    min_group_size: z.number().int().min(1).default(30),
    /** What a group is compared with: all other rows together, or the largest group. */
    reference: oneOf(['rest', 'largest']).default('rest'),
    /** The candidate's disparity must not be above the champion's by more than the margin. */
    not_worse_than: z.literal('champion').optional(),
    margin: share.default(0.02),
  }),
)

export type FairnessParameters = z.infer<typeof fairnessParameters>

/** The limit of a disparity, with the usual one where the plan has none. */
export const limitOf = (name: string, { max, min }: z.infer<typeof limit>) =>
  name.endsWith('_ratio')
    ? ({ of: 'ratio', value: min ?? usual.ratio } as const)
    : ({ of: 'difference', value: max ?? usual.difference } as const)
