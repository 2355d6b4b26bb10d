import { z } from 'zod'

const importance = z.object({
  column: z.string(),
  /** How much the loss grows when the column is shuffled. */
  mean: z.number(),
  /** Standard deviation of it between the repeats. */
  deviation: z.number(),
  /** How far the answers move, on average: a probability, a prediction; of classes the share that changes. */
  moved: z.number(),
  /** The mean of the same rows drawn anew, draw by draw alike for both models. */
  replicates: z.array(z.number()),
})

/** What `python/twinloop_gate/explain.py` writes of a model. */
const explanation = z.object({
  permutation: z.object({
    loss: z.string(),
    base: z.number(),
    repeats: z.number(),
    rows: z.number(),
    /** The most important first. */
    columns: z.array(importance),
  }),
  classes: z.array(z.string()),
  positive: z.string().nullable(),
  dependence: z.array(
    z.object({
      column: z.string(),
      number: z.boolean(),
      points: z.array(z.tuple([z.union([z.number(), z.string()]), z.number()])),
    }),
  ),
  shap: z
    .object({
      method: z.string(),
      rows: z.number(),
      columns: z.array(z.object({ column: z.string(), mean: z.number() })),
      /** Values of some rows, with the place of the column's value among the others, 0 to 1. */
      sample: z.array(
        z.object({
          column: z.string(),
          shap: z.array(z.number()),
          value: z.array(z.number().nullable()),
        }),
      ),
    })
    .nullable(),
  notes: z.array(z.string()),
})

export type Explanation = z.infer<typeof explanation>
export type Importance = z.infer<typeof importance>

export const explanationFile = 'explanation.json'

/** What the program answers: an explanation, or what is wrong with data and question. */
export const explanationAnswer = z.union([z.object({ problem: z.string() }), explanation])
