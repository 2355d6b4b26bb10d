import { z } from 'zod'
import { parseDuration } from '../../kernel/duration.ts'
import type { Probes } from '../gateway/instances/probes.ts'
import { duration } from '../duration.ts'
import { scaleSchema } from '../scaling/settings.ts'
import { collectorSchema } from '../collection/settings.ts'
import { oneOf, textMap } from '../../kernel/resources/schema.ts'

const longestRequest = { ms: 180_000, iso: 'PT3M' }

const requestSettings = z.looseObject({
  requestTimeout: duration
    .refine((text) => (parseDuration(text) ?? 0) <= longestRequest.ms, `at most ${longestRequest.iso}`)
    .default('PT5S'),
  maxConcurrentRequestsPerInstance: z.number().int().min(1).max(1000).default(1),
  // Without it waiting counts against the request's timeout alone; Azure has the same since it deprecated this.
  maxQueueWait: duration.nullish(),
})

const probe = z.looseObject({
  initialDelay: duration.default('PT10S'),
  period: duration.default('PT10S'),
  timeout: duration.default('PT2S'),
  successThreshold: z.number().int().min(1).default(1),
  failureThreshold: z.number().int().min(1).default(30),
})

const orDefault = <T extends z.ZodType>(schema: T) => z.preprocess((value) => value ?? {}, schema)

/** Canonical properties of an online deployment, with Azure's defaults filled in. */
export const deploymentSchema = z.looseObject({
  endpointComputeType: oneOf(['Managed', 'Kubernetes']),
  model: z.string().nullish(),
  codeConfiguration: z
    .looseObject({ codeId: z.string().nullish(), scoringScript: z.string().min(1) })
    .nullish(),
  environmentId: z.string().nullish(),
  environmentVariables: textMap.nullish(),
  instanceType: z.string().nullish(),
  requestSettings: orDefault(requestSettings),
  livenessProbe: orDefault(probe),
  readinessProbe: orDefault(probe),
  scaleSettings: scaleSchema,
  appInsightsEnabled: z.boolean().nullish(),
  egressPublicNetworkAccess: oneOf(['Enabled', 'Disabled']).nullish(),
  modelMountPath: z.string().nullish(),
  dataCollector: collectorSchema.nullish(),
  description: z.string().nullish(),
  properties: textMap.nullish(),
})

export type DeploymentProperties = z.infer<typeof deploymentSchema>

/** How long an instance may take to be ready, by its readiness probe: the initial delay and every allowed failure. */
export function startPatienceMs({ readinessProbe }: DeploymentProperties): number {
  const { initialDelay, period, failureThreshold } = readinessProbe
  return (parseDuration(initialDelay) ?? 0) + (parseDuration(period) ?? 0) * failureThreshold
}

/** The probes as the gateway has them. */
export function probesOf({ readinessProbe, livenessProbe }: DeploymentProperties): Probes {
  const of = ({
    initialDelay,
    period,
    timeout,
    successThreshold,
    failureThreshold,
  }: z.infer<typeof probe>) => ({
    initialDelayMs: parseDuration(initialDelay) ?? 0,
    periodMs: parseDuration(period) || 1000,
    timeoutMs: parseDuration(timeout) || 1000,
    successThreshold,
    failureThreshold,
  })
  return { readiness: of(readinessProbe), liveness: of(livenessProbe) }
}

/** Number of instances that a deployment's `sku` asks for. */
export const instancesOf = (sku: Readonly<Record<string, unknown>> | undefined): number =>
  Number(sku?.['capacity'] ?? 1)
