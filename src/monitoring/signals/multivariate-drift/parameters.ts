import { z } from 'zod'

const methods = ['reconstruction', 'domain_classifier'] as const

/** What a monitor may say of a signal `multivariate_drift` beside what all say. */
export const multivariateParameters = z.strictObject({
  /** How features are looked at together: by what principal components leave of them, by a classifier, or both. */
  methods: z
    .array(z.enum(methods))
    .min(1)
    .default([...methods]),
  /** Share of the variance that the principal components explain. */
  variance: z.number().gt(0).lt(1).default(0.65),
  /** Rows of each side that the classifier learns from, at most. */
  rows: z.number().int().min(100).max(1_000_000).default(50_000),
})

export type MultivariateParameters = z.infer<typeof multivariateParameters>
