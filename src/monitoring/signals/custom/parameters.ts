import { z } from 'zod'

const scalar = z.union([z.string(), z.number(), z.boolean()])

/** What a monitor may say of a signal `custom` beside what all say: `input_data` and `metric_thresholds` are read for all kinds. */
export const customParameters = z.strictObject({
  /** A reference to the component that computes the metrics. */
  component_id: z.string().min(1),
  /** Values and data for the component's inputs, as jobs are given them. */
  inputs: z.record(z.string(), z.union([scalar, z.looseObject({})])).default({}),
  /** Kept for Azure's clients: components that need a connection ask for it themselves. */
  connection: z.unknown().optional(),
})

export type CustomParameters = z.infer<typeof customParameters>
