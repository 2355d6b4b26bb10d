import { z } from 'zod'

/** Kinds of evaluation: each is the gate of its name. */
export const evaluationKinds = ['champion', 'fairness', 'calibration'] as const
export type EvaluationKind = (typeof evaluationKinds)[number]

/** What the program of an evaluation is asked. */
export const questionSchema = z.object({
  kind: z.enum(evaluationKinds),
  /** The gate's, as the plan has them; read anew by the gate's own schema. */
  parameters: z.record(z.string(), z.unknown()),
  judged: z.object({
    candidate: z.string(),
    champion: z.string().optional(),
    data: z.string(),
    seed: z.number(),
  }),
})

/** Environment variable of the step that has the question, as JSON; and the file of its output that has the answer. */
export const questionVariable = 'TWINLOOP_EVALUATION'
export const answerFile = 'findings.json'
/** Name of the step. */
export const evaluationStep = 'evaluation'
