import { z } from 'zod'
import { parseDuration } from '../../kernel/duration.ts'
import { errors } from '../../kernel/errors.ts'
import { oneOf } from '../../kernel/resources/schema.ts'
import type { DeploymentProperties } from '../deployments/settings.ts'
import { duration } from '../duration.ts'
import type { ScaleRules } from './decide.ts'

export const mostInstances = 20

const targetUtilization = z.looseObject({
  scaleType: oneOf(['TargetUtilization']),
  /** 0 lets a deployment sleep: its first request wakes it, and waits until an instance is up. */
  minInstances: z.number().int().min(0).max(mostInstances).default(1),
  maxInstances: z.number().int().min(1).max(mostInstances).default(1),
  targetUtilizationPercentage: z.number().int().min(1).max(100).default(70),
  /** How often the load is looked at. */
  pollingInterval: duration.default('PT1S'),
})
const scaleSettings = z.looseObject({ scaleType: oneOf(['Default', 'TargetUtilization']) })

/** Azure's scale settings with its defaults. */
export const scaleSchema = z.preprocess((value) => {
  const given = (value ?? { scaleType: 'Default' }) as { scaleType?: unknown }
  const read = targetUtilization.safeParse(given)
  return read.success ? read.data : given
}, scaleSettings)

/**
 * Keys in a deployment's `properties`, ISO 8601 durations: how long fewer instances must be enough before there are
 * fewer (a minute), and how long nothing must be asked before there are none (five), where minInstances is 0.
 */
const downAfter = 'scaleDownAfter'
const zeroAfter = 'scaleToZeroAfter'

/** Throws a validation error for what scale settings cannot be. */
export function checkScale({ scaleSettings: given, properties }: DeploymentProperties): void {
  if (given.scaleType === 'TargetUtilization') {
    const read = targetUtilization.safeParse(given)
    const [issue] = read.error?.issues ?? []
    if (issue)
      throw errors.validation(`${issue.path.join('.')}: ${issue.message}.`, {
        target: `properties.scaleSettings.${issue.path.join('.')}`,
      })
    if (read.data && read.data.minInstances > read.data.maxInstances)
      throw errors.validation(
        `minInstances, ${read.data.minInstances}, is more than maxInstances, ${read.data.maxInstances}.`,
        { target: 'properties.scaleSettings.minInstances' },
      )
  }
  for (const key of [downAfter, zeroAfter]) {
    const value = properties?.[key]
    if (value && parseDuration(value) === undefined)
      throw errors.validation(`'${value}' is not an ISO 8601 duration such as PT5M.`, {
        target: `properties.properties.${key}`,
      })
  }
}

/** By what rules the deployment scales itself, and how often; undefined for one that has a fixed number of instances. */
export function scaleRules(
  deployment: DeploymentProperties,
): (ScaleRules & { readonly pollMs: number }) | undefined {
  const { data } = targetUtilization.safeParse(deployment.scaleSettings)
  if (data === undefined) return undefined
  const after = (key: string, standard: string) =>
    parseDuration(deployment.properties?.[key] ?? standard) ?? 0
  return {
    min: data.minInstances,
    max: data.maxInstances,
    target: data.targetUtilizationPercentage / 100,
    concurrency: deployment.requestSettings.maxConcurrentRequestsPerInstance,
    downAfterMs: after(downAfter, 'PT1M'),
    zeroAfterMs: after(zeroAfter, 'PT5M'),
    pollMs: Math.max(parseDuration(data.pollingInterval) ?? 0, 250),
  }
}
