import { z } from 'zod'
import { jobWords } from '../../job/parameters.ts'
import { duration } from '../../words.ts'

export const retrainParameters = z.strictObject({
  ...jobWords,
  /** Name of the model that the job registers, where it registers several. */
  model: z.string().trim().min(1).optional(),
  /** Release plan for `then: release`; default: the model's only one. */
  plan: z.string().trim().min(1).optional(),
  /** How long labels take to come: without `cool_down` it is not done again for twice this, and a day at least. */
  label_delay: duration.optional(),
  /** After so many candidates one after another that were not released, people have to look. */
  stop_after: z.int().min(1).default(2),
})
export type RetrainParameters = z.infer<typeof retrainParameters>
