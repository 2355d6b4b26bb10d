import { z } from 'zod'
import { oneOf } from '../../../kernel/resources/schema.ts'
import { confidence, rowsParameters, share } from '../../evaluation/parameters.ts'

const range = (min: number, max: number) =>
  z
    .strictObject({ min: z.number().positive().default(min), max: z.number().positive().default(max) })
    .refine((limits) => limits.min < limits.max, { error: 'min is not below max' })
    .prefault({})

/** What a plan may say of the gate `calibration`. */
export const calibrationParameters = z.strictObject({
  ...rowsParameters,
  /** Rows that are positive over those that the probabilities promise. */
  observed_over_expected: range(0.9, 1.1),
  /** Cox's slope: below 1 the model is too sure, above 1 not sure enough. */
  slope: range(0.8, 1.25),
  /** How much worse than the champion's the Brier score may be, as a share. */
  brier_margin: share.default(0.01),
  /** The most that the expected calibration error may be. Default: told, not judged. */
  max_calibration_error: share.optional(),
  confidence: confidence.default(0.95),
  /** Of the reliability curve. */
  bins: z.number().int().min(2).max(50).default(10),
  strategy: oneOf(['uniform', 'quantile']).default('quantile'),
})

export type CalibrationParameters = z.infer<typeof calibrationParameters>
