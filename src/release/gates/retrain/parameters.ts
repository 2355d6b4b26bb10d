import { z } from 'zod'
import { reference, share } from '../parameters.ts'

export const retrainParameters = z.strictObject({
  /** A component (`azureml:train@latest`), or the name of a job to run again; default: what made the candidate. */
  job: reference.optional(),
  /** What the training reads instead; default: the latest version, in the stage's workspace, of the data that it read. */
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  /** Metrics that training logs; default: those that both trainings logged and of which it is known which way is better. */
  metrics: z
    .record(
      z.string(),
      z.strictObject({ tolerance: share.optional(), better: z.enum(['higher', 'lower']).optional() }),
    )
    .optional(),
  /** By how much of the candidate's figure the retrained model's may be worse. */
  tolerance: share.default(0.05),
  /** `retrained`: where the gate passes, the retrained model is registered and takes the candidate's place, by a release of its own. */
  goes_on: z.enum(['candidate', 'retrained']).default('candidate'),
})

export type RetrainParameters = z.infer<typeof retrainParameters>
