/**
 * Shannon entropy `−Σ p log p` of counts or probabilities, which are normalised here; in nats, or in the unit of the
 * base. NaN if they add up to nothing.
 */
export function entropy(weights: ArrayLike<number>, base = Math.E): number {
  const shares = Array.from(weights)
  const total = shares.reduce((a, b) => a + b, 0)
  if (!(total > 0)) return Number.NaN
  const nats = shares.reduce(
    (h, weight) => (weight === 0 ? h : h - (weight / total) * Math.log(weight / total)),
    0,
  )
  return nats / Math.log(base)
}
