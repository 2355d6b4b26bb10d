import { errors, type Problem } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'

/** Shares of requests, in percent, by deployment. */
export interface Split {
  readonly traffic: Readonly<Record<string, number>>
  /** Copies of requests whose answers nobody gets. */
  readonly mirrorTraffic: Readonly<Record<string, number>>
}

/**
 * Azure's rules: traffic sums to 0 or 100, mirrored traffic to at most 50 and of one deployment that has no traffic
 * of its own, and both name deployments that there are. Throws a validation error with every breach.
 */
export function checkTraffic({ traffic, mirrorTraffic }: Split, deployments: readonly string[]): void {
  const problems: Problem[] = []
  const there = new Set(deployments.map((name) => name.toLowerCase()))
  for (const [field, shares] of Object.entries({ traffic, mirrorTraffic })) {
    for (const [name, share] of Object.entries(shares)) {
      // A share of nothing may outlive its deployment: Azure's clients send back the whole map.
      if (there.has(name.toLowerCase()) || share === 0) continue
      const near = nearest(name, deployments)
      const known = deployments.length > 0 ? `There are: ${deployments.join(', ')}` : 'It has none yet'
      problems.push({
        target: `properties.${field}.${name}`,
        message: `the endpoint has no deployment '${name}'. ${near ? `Did you mean '${near}'?` : `${known}.`}`,
      })
    }
  }
  const total = sum(traffic)
  if (total !== 0 && total !== 100)
    problems.push({
      target: 'properties.traffic',
      message: `the shares must sum to 100 (or 0), not ${total}`,
    })
  const mirrored = Object.entries(mirrorTraffic).filter(([, share]) => share > 0)
  if (sum(mirrorTraffic) > 50)
    problems.push({
      target: 'properties.mirrorTraffic',
      message: `at most 50 percent can be mirrored, not ${sum(mirrorTraffic)}`,
    })
  if (mirrored.length > 1)
    problems.push({
      target: 'properties.mirrorTraffic',
      message: 'only one deployment can get mirrored traffic',
    })
  for (const [name] of mirrored)
    if ((traffic[name] ?? 0) > 0)
      problems.push({
        target: `properties.mirrorTraffic.${name}`,
        message: `'${name}' has traffic of its own, so it cannot get mirrored traffic`,
      })
  const [first] = problems
  if (first)
    throw errors.validation(`The traffic cannot be so: ${first.message}`, {
      details: problems,
      ...(first.target === undefined ? {} : { target: first.target }),
    })
}

const sum = (shares: Readonly<Record<string, number>>) => Object.values(shares).reduce((a, b) => a + b, 0)
