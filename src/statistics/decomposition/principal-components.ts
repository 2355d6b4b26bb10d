import { symmetricEigen } from './eigen.ts'

/** How much of each variable is beyond what the first principal components explain. */
export interface Residuals {
  /** How many components were taken, and the share of the variance that they explain. */
  readonly components: number
  readonly explained: number
  /** Symmetric and idempotent: a centred row times this is what the components leave of it. */
  readonly projection: readonly (readonly number[])[]
}

/**
 * The projection on what is left by the fewest principal components that explain more than this share of the variance:
 * scikit-learn's `PCA(n_components=share)`, whose reconstruction of a row is the row less this. The matrix is the
 * variables' covariance (or correlation, for standardised ones).
 */
export function residualsOf(covariance: readonly (readonly number[])[], share: number): Residuals {
  const { values, vectors } = symmetricEigen(covariance)
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0)
  let [components, explained] = [0, 0]
  // Strictly more, as searchsorted(side='right') has it.
  while (components < values.length && !(explained / total > share)) {
    explained += Math.max(0, values[components] ?? 0)
    components++
  }
  // By the vectors that are left rather than by those taken: small remainders lose no digits.
  const left = vectors.slice(components)
  const projection = covariance.map((_, i) =>
    covariance.map((_, j) => left.reduce((sum, vector) => sum + (vector[i] ?? 0) * (vector[j] ?? 0), 0)),
  )
  return { components, explained: explained / total, projection }
}
