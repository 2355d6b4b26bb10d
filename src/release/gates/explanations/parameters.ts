import { z } from 'zod'
import { confidence, rowsParameters, share } from '../../evaluation/parameters.ts'

const { data, target, positive } = rowsParameters

/** What a plan may say of the gate `explanations`. Without a limit it tells what the model goes by, and asks nothing. */
export const explanationsParameters = z.strictObject({
  data,
  target,
  positive,
  /** Rows that are drawn from the data: each is asked as often as there are columns times repeats. */
  rows: z.number().int().min(50).max(100_000).default(2000),
  /** How often each column is shuffled. */
  repeats: z.number().int().min(1).max(100).default(5),
  /** Whether to tell SHAP values, where the shap package can compute them exactly. */
  shap: z.boolean().default(true),
  /** The most that one column may have of the whole importance: more looks like the answer in disguise. */
  max_share: share.refine((value) => value > 0 && value <= 1, 'expected a share up to 1').optional(),
  /** Columns whose importance must not be above 0. */
  must_not_matter: z.array(z.string().min(1)).default([]),
  /** A column that must not matter may have this share of the whole importance by the bounds of its interval. */
  negligible: share.default(0.01),
  /** The least NDCG of the candidate's ranking of columns by the champion's importance; 1 is the same ranking. */
  like_champion: share.refine((value) => value <= 1, 'NDCG is 1 at most').optional(),
  confidence: confidence.default(0.95),
})

export type ExplanationsParameters = z.infer<typeof explanationsParameters>
