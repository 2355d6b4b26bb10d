import { z } from 'zod'
import { testDeploymentSettings } from '../../test-deployment/settings.ts'
import { duration, reference, share } from '../parameters.ts'

const limitMs = z.number().positive().optional()

export const loadParameters = z.strictObject({
  /** Requests a second, sent by a schedule whatever becomes of those before. Production's peak × 1.5 is a good one. */
  rate: z.number().positive().max(5000).default(10),
  duration: duration.default('30s'),
  /** Before it, at the same rate, not measured. */
  warm_up: duration.default('5s'),
  /** `poisson`: gaps as of callers who do not know of each other; `constant`: all the same. */
  arrival: z.enum(['poisson', 'constant']).default('poisson'),
  /** Within how many milliseconds this share of the requests is to be answered, shown with 95 % confidence. */
  p50_ms: limitMs,
  p90_ms: limitMs,
  p95_ms: limitMs,
  p99_ms: limitMs,
  p99_9_ms: limitMs,
  /** Share of requests that may fail, likewise. */
  max_error_rate: share.default(0.01),
  /** A request that has no answer by then has failed. */
  request_timeout: duration.default('10s'),
  /** Data whose rows are sent; default: the input example that the model was logged with. */
  data: reference.optional(),
  /** Column of it that is no input, for a model that does not say what its inputs are. */
  target: z.string().min(1).optional(),
  /** How many different rows of it. */
  rows: z.number().int().min(1).max(10_000).default(200),
  rows_per_request: z.number().int().min(1).max(1000).default(1),
  /** The body of every request, in place of rows: for a scoring script that takes what it likes. */
  request: z.record(z.string(), z.unknown()).optional(),
  /** Share of the rows for which the deployment has to answer as the model does offline. */
  min_agreement: share.default(1),
  /** By how much a number may differ and still be the same, relative to it where it is above 1. */
  tolerance: z.number().min(0).default(1e-6),
  /** How many times the champion's p99 the candidate's may be, both asked alternately; without it the champion is not asked. */
  max_p99_ratio: z.number().min(1).optional(),
  deployment: testDeploymentSettings.default({}),
})

export type LoadParameters = z.infer<typeof loadParameters>

/** Limits by the quantile that they are of. */
export const limitsOf = (
  given: LoadParameters,
): readonly { readonly q: number; readonly name: string; readonly ms: number }[] =>
  (
    [
      [0.5, 'p50', given.p50_ms],
      [0.9, 'p90', given.p90_ms],
      [0.95, 'p95', given.p95_ms],
      [0.99, 'p99', given.p99_ms],
      [0.999, 'p99_9', given.p99_9_ms],
    ] as const
  ).flatMap(([q, name, ms]) => (ms === undefined ? [] : [{ q, name, ms }]))
