import { z } from 'zod'
import { parseDuration } from '../kernel/duration.ts'

/** An ISO 8601 duration, as Azure ML's bodies have them. */
export const duration = z.string().refine((text) => parseDuration(text) !== undefined, {
  error: (issue) => `'${String(issue.input)}' is not an ISO 8601 duration such as PT5S or PT1M30S`,
})
