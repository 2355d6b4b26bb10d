import { z } from 'zod'
import { parseDuration } from '../../kernel/duration.ts'

/** A share: 0.9 or "90%". */
export const share = z.preprocess((value) => {
  const percent = typeof value === 'string' ? /^\s*([\d.]+)\s*%\s*$/.exec(value) : null
  return percent === null ? value : Number(percent[1]) / 100
}, z.number('expected a number such as 0.9, or a percentage such as 90%').min(0).max(1))

const duration = z.string().refine((text) => parseDuration(text) !== undefined, {
  error: 'expected a duration such as P7D or PT12H',
})

/** What every signal that knows classes may be told of how rows are read. */
export const readingParameters = {
  /** The class that is asked about, where there are two. Default: 1, true or yes, else the last in order. */
  positive_label: z
    .union([z.string(), z.number(), z.boolean()])
    .transform((label) => String(label))
    .optional(),
  /** From which probability on a row is of the positive class, where the model says probabilities only. */
  decision_threshold: z.number().min(0).max(1).default(0.5),
}

/** What every signal that shows intervals may be told. */
export const confidenceParameter = {
  confidence: share
    .refine((value) => value >= 0.5 && value < 1, {
      error: 'expected a level of confidence from 0.5 to below 1, such as 0.95',
    })
    .default(0.95),
}

export interface MaturityAsked {
  readonly labelled: number
  readonly delay?: string | undefined
}

/** What every signal that waits for labels may be told. */
export const labelParameters = {
  /** Fewer rows with a label are told and not judged. */
  min_rows: z.number().int().min(1).default(30),
  maturity: z
    .strictObject({
      /** Share of the rows that have to have a label. */
      labelled: share.default(0.9),
      /** How long labels take. Default: the 95th percentile of how long they took. */
      delay: duration.optional(),
    })
    .prefault({}),
}
