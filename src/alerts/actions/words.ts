import { z } from 'zod'
import { duration as readDuration } from '../../kernel/grammar/values.ts'

/** `30m`, `36h`, `90d`, `2w` or ISO 8601, kept as it was written. */
export const duration = z.string().refine((text) => milliseconds(text) > 0, {
  error: ({ input }) => `'${String(input)}' is not a duration, such as 30m, 36h, 90d, 2w`,
})

/** Milliseconds of what `duration` accepted; 0 of what is none. */
export const milliseconds = (text: string): number => readDuration({ path: [], mistakes: [] }, text) ?? 0

/** One or several, as a list. */
export const oneOrMore = <T>(item: z.ZodType<T>) =>
  z.preprocess(
    (given) => (given === undefined || Array.isArray(given) ? given : [given]),
    z.array(item).min(1),
  )
