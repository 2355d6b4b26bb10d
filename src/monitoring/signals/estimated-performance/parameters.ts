import { z } from 'zod'
import { oneOf } from '../../../kernel/resources/schema.ts'
import { readingParameters } from '../../outcomes/parameters.ts'

/** What a monitor may say of a signal `estimated_performance`. */
export const estimationParameters = z.strictObject({
  ...readingParameters,
  /** Fewer rows are told and not judged. */
  min_rows: z.number().int().min(1).default(30),
  /** How the cells of the confusion matrix are told. */
  normalize_confusion_matrix: oneOf(['none', 'all', 'true', 'pred']).default('none'),
  /** Worth of each truth (rows) and prediction (columns), in the order of the classes: `[[0, -10], [-50, 100]]`. */
  business_value_matrix: z.array(z.array(z.number())).min(2).optional(),
  normalize_business_value: oneOf(['none', 'per_prediction']).default('none'),
})

export type EstimationParameters = z.infer<typeof estimationParameters>

/** NannyML's: mean ± 3 standard deviations of what ten chunks of the reference really had. */
export const usualLimits = { deviations: 3, chunks: 10 } as const
