import { z } from 'zod'
import { parseDuration } from '../../kernel/duration.ts'

/**
 * Pieces of gates' parameters. What they accept they give back as it was written, or as something that they accept as
 * well: parameters may be read again after they were kept.
 */

/** Data, a model, code, a component: anything that `parseReference` knows. */
export const reference = z
  .string()
  .trim()
  .min(1, 'is empty: expected a reference such as azureml:flights@latest')

const units: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 }

/** `30s`, `500ms`, `10m` or ISO 8601 (`PT30S`), in milliseconds; undefined for what is no duration. */
function readDuration(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(ms|[smhd])$/i.exec(text.trim()) ?? []
  return amount === undefined
    ? parseDuration(text)
    : Number(amount) * (units[unit.toLowerCase()] ?? Number.NaN)
}

/** A time of at least a millisecond, kept as it was written. */
export const duration = z.string().refine((text) => (readDuration(text) ?? 0) > 0, {
  error: ({ input }) => `'${String(input)}' is not a duration, such as 500ms, 30s, 10m or PT30S`,
})

/** Milliseconds of what `duration` accepted. */
export const milliseconds = (text: string): number => readDuration(text) ?? 0

/** A part of a whole, `0.1%` or `0.001`, as a number from 0 to 1. */
export const share = z.union([z.number(), z.string()]).transform((given, context) => {
  const percent = typeof given === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(given)?.[1] : undefined
  // By shifting the decimal point, as 2.3 / 100 is not 0.023.
  const found = percent === undefined ? Number(given) : Number(`${percent}e-2`)
  if (found >= 0 && found <= 1) return found
  context.addIssue({
    code: 'custom',
    message: `'${given}' is not a share between 0 and 1, or 0% and 100%`,
  })
  return z.NEVER
})
