import { z } from 'zod'
import { driftMetrics } from './metrics.ts'

const names = [...new Set(driftMetrics.map(({ name }) => name))]

/** What a monitor may say of drift beyond what all signals have. */
export const driftParameters = z.strictObject({
  /**
   * Rows with a missing value in any of the features: left out (`drop_rows`, as Azure ML does), or only where that feature
   * is looked at (`drop_values`).
   */
  missing_values: z.enum(['drop_rows', 'drop_values']).default('drop_rows'),
  /** Metrics that are told of every feature though no threshold asks for them. Default: Azure ML's. */
  metrics: z
    .array(
      z.string().refine((name) => names.includes(name), {
        error: `expected one of ${names.join(', ')}`,
      }),
    )
    .optional(),
  /**
   * What a distance beyond its threshold is that rows of one distribution reach as often as once in a thousand windows
   * of this size: `breach`, as Azure ML has it, or `ignore`.
   */
  within_chance: z.enum(['breach', 'ignore']).default('breach'),
})

export type DriftParameters = z.infer<typeof driftParameters>
