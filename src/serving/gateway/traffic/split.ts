/**
 * Smooth weighted round robin (the algorithm of nginx's upstream module): each step adds every weight to its
 * deployment's credit, takes the deployment with most credit and charges it the sum of all weights.
 *
 * Exact: from a fresh state, any `sum of weights / their greatest common divisor` successive choices take each
 * deployment exactly in proportion, and at no moment does a deployment run ahead of its share by one whole request or
 * more per other deployment. So 90/10 gives one in ten to the second, evenly spread, not merely in the long run.
 * Deterministic: no randomness, no clock.
 */
export type Weights = Readonly<Record<string, number>>
export type Credits = Readonly<Record<string, number>>

/** The deployment that serves the next request and the credits to pass next time; no choice where no weight is positive. */
export function chooseDeployment(
  weights: Weights,
  credits: Credits,
): { chosen: string | undefined; credits: Credits } {
  const next: Record<string, number> = {}
  let total = 0
  let chosen: string | undefined
  for (const [name, weight] of Object.entries(weights)) {
    if (!(weight > 0)) continue
    total += weight
    const credit = (credits[name] ?? 0) + weight
    next[name] = credit
    if (chosen === undefined || credit > (next[chosen] ?? 0)) chosen = name
  }
  if (chosen !== undefined) next[chosen] = (next[chosen] ?? 0) - total
  return { chosen, credits: next }
}
