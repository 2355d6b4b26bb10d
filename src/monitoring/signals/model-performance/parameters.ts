import { z } from 'zod'
import { oneOf } from '../../../kernel/resources/schema.ts'
import { confidenceParameter, labelParameters, readingParameters } from '../../outcomes/parameters.ts'

/** What a monitor may say of a signal `model_performance` beyond Azure. */
export const performanceParameters = z.strictObject({
  ...readingParameters,
  ...confidenceParameter,
  ...labelParameters,
  /** How the classes' precision, recall and F1 become one. Azure's are macro; `binary` is the positive class's. */
  average: oneOf(['macro', 'binary', 'weighted', 'micro']).default('macro'),
})

export type PerformanceParameters = z.infer<typeof performanceParameters>
