import { z } from 'zod'
import type { Place } from '../../../kernel/grammar/place.ts'
import { count, duration, number, share, type Read } from '../../../kernel/grammar/values.ts'

/** A value that the words of data contracts read: `30s`, `0.5%`. What is wrong with it is said in their words. */
const read = <T>(reader: Read<T>) =>
  z.unknown().transform((value, context): T => {
    const place: Place = { path: [], mistakes: [] }
    const found = reader(place, value)
    if (found !== undefined) return found
    for (const { message, hint } of place.mistakes)
      context.addIssue({
        code: 'custom',
        message: `${message.replace(/^: /, '')}${hint === undefined ? '' : ` (${hint})`}`,
      })
    return z.NEVER
  })

const ms = (standard: string) => read(duration).prefault(standard)
const part = (standard: number) => read(share).prefault(standard)

const limit = z.strictObject({ max: read(number) })

/** What of a canary is held against what. All of it is judged by tests that hold however often one looks. */
const checks = z.strictObject({
  error_rate: z
    .strictObject({
      /** The most that callers may be asked to bear, whatever the champion does. */
      max: read(share).optional(),
      /** With so few errors for sure, the canary passes also where there are too few to compare. */
      margin: part(0.01),
      /** The least excess over the champion's rate that is worth a rollback. */
      floor: part(0.001),
    })
    .prefault({}),
  latency: z
    .strictObject({
      /** A request is slow beyond so many milliseconds; default: the quantile of the champion's before the start. */
      slow_ms: read(number).optional(),
      quantile: part(0.95),
      floor: part(0.02),
    })
    .prefault({}),
  p50_ms: limit.optional(),
  p95_ms: limit.optional(),
  p99_ms: limit.optional(),
  /** Of mirrored requests: how many get the champion's answer, within a tolerance. */
  agreement: z.strictObject({ min: read(share), tolerance: read(number).prefault(1e-9) }).optional(),
  /** Jensen–Shannon distance (base 2) of the predictions' distribution to the champion's. */
  drift: z
    .strictObject({ max: part(0.2), action: z.enum(['hold', 'rollback', 'ignore']).default('hold') })
    .prefault({}),
})

/** A plan's `analysis`, in which everything has a default: how a canary is judged. Durations are milliseconds. */
export const analysisSettings = z.strictObject({
  /** How often a look is kept; what must be noticed at once is looked at every second. */
  interval: ms('30s'),
  /** What is not counted after each change of shares. */
  warm_up: ms('60s'),
  /** A step has seen so many requests of the canary … */
  min_requests: read(count).prefault(500),
  /** … and so many of them should have been slow, if it were as the champion. */
  min_exceedances: read(count).prefault(20),
  /** Requests of the champion that the limit of slowness is taken from. */
  baseline_requests: read(count).prefault(200),
  /** The longest that a step may take. */
  deadline: ms('60m'),
  on_deadline: z.enum(['hold', 'rollback']).default('hold'),
  /** Chance to roll a canary back that is as good as the champion, all checks and looks together. */
  alpha: part(0.05),
  /** So many times the champion's rate of errors or slow requests is too much. */
  ratio: read(number).prefault(2),
  /** Looks in a row at which an absolute limit (`max`) may be broken. */
  failure_limit: read(count).prefault(0),
  checks: checks.prefault({}),
  /** What a batch deployment scores before it becomes the default; nothing, if it is not said. */
  batch_data: z.string().min(1).optional(),
})

export type AnalysisSettings = z.infer<typeof analysisSettings>
