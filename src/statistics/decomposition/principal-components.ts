import { symmetricEigen } from './eigen.ts'

/** What the first principal components do not explain. */
export interface Residuals {
  /** How many components were taken, and the share of the variance that they explain. */
  readonly components: number
  readonly explained: number
  /**
   * The components that are left, of length 1 and at right angles: what is left of a centred row is the sum of these, each
   * times its product with the row, and the norm of that is the norm of the products.
   */
  readonly left: readonly (readonly number[])[]
}

/**
 * What is left by the fewest principal components that explain more than this share of the variance: scikit-learn's
 * `PCA(n_components=share)`, whose reconstruction of a row is the row less this. The matrix is the variables' covariance
 * (or correlation, for standardised ones). By the components that are left rather than by those taken, small remainders
 * lose no digits.
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
  return { components, explained: explained / total, left: vectors.slice(components) }
}
