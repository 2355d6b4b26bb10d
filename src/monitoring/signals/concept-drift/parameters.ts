import { z } from 'zod'
import { oneOf } from '../../../kernel/resources/schema.ts'
import { confidenceParameter, labelParameters, readingParameters } from '../../outcomes/parameters.ts'

/** What a monitor may say of a signal `concept_drift`. */
export const conceptParameters = z.strictObject({
  ...readingParameters,
  ...confidenceParameter,
  ...labelParameters,
  /** What a wrong row costs. Default: `brier` of probabilities, `zero_one` of classes, `absolute` of numbers. */
  loss: oneOf(['brier', 'zero_one', 'absolute', 'squared']).optional(),
  /** Strata of equal scores. */
  bins: z.number().int().min(2).max(50).default(10),
  /** Batches of a window, in the order of time, whose mean losses CUSUM and Page-Hinkley look at. */
  batches: z.number().int().min(2).max(500).default(20),
  /** Half the shift that CUSUM is to find, in standard deviations of a batch's mean. */
  allowance: z.number().min(0).default(0.5),
  /** How far the mean may rise without Page and Hinkley's test taking notice, in units of the loss. */
  tolerance: z.number().min(0).default(0.005),
})

export type ConceptParameters = z.infer<typeof conceptParameters>
