import { z } from 'zod'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import type { DeploymentBody } from './target.ts'

/** What a plan may say below `deployment`, in the words of Azure ML's YAML; everything else is as the champion's. */
export const deploymentWords = z.strictObject({
  instance_type: z.string().min(1).optional(),
  instance_count: z.number().int().min(1).max(20).optional(),
  environment: z.string().min(1).optional(),
  environment_variables: z.record(z.string(), z.string()).optional(),
  code_configuration: z
    .strictObject({ code: z.string().min(1), scoring_script: z.string().min(1) })
    .optional(),
  request_settings: z
    .strictObject({
      request_timeout_ms: z.number().int().min(1).max(180_000).optional(),
      max_concurrent_requests_per_instance: z.number().int().min(1).max(1000).optional(),
      max_queue_wait_ms: z.number().int().min(1).optional(),
    })
    .optional(),
  data_collector: z
    .strictObject({
      collections: z.record(
        z.string(),
        z.strictObject({
          enabled: z.union([z.boolean(), z.enum(['true', 'false'])]),
          sampling_rate: z.number().min(0).max(1).optional(),
        }),
      ),
      sampling_rate: z.number().min(0).max(1).default(1),
      rolling_rate: z.enum(['minute', 'hour', 'day', 'month', 'year']).default('hour'),
    })
    .optional(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: z.record(z.string(), z.string()).optional(),
})

/** Of the champion's, what is about its model and not about how models are served here. */
const ofItsModel = new Set(['model', 'description'])

/** The deployment of a model, as the champion's where there is one, but for what the plan says. */
export function deploymentBody(model: string, plan: Json, champion: Resource | undefined): DeploymentBody {
  const words = deploymentWords.parse(plan)
  const { request_settings: requests, code_configuration: code, environment_variables: variables } = words
  const collector = words.data_collector
  const like = Object.fromEntries(
    Object.entries(champion?.properties ?? {}).filter(([name]) => !ofItsModel.has(name)),
  )
  const inLike = (name: string) => (like[name] ?? {}) as Json
  const iso = (ms: number | undefined) => (ms === undefined ? undefined : `PT${ms / 1000}S`)
  return {
    sku: {
      name: 'Default',
      capacity: words.instance_count ?? Number(champion?.envelope.sku?.['capacity'] ?? 1),
    },
    tags: { ...champion?.envelope.tags, ...words.tags },
    properties: {
      ...like,
      endpointComputeType: 'Managed',
      model,
      ...given({
        instanceType: words.instance_type,
        environmentId: words.environment,
        environmentVariables: variables && { ...inLike('environmentVariables'), ...variables },
        codeConfiguration: code && { codeId: code.code, scoringScript: code.scoring_script },
        requestSettings: requests && {
          ...inLike('requestSettings'),
          ...given({
            requestTimeout: iso(requests.request_timeout_ms),
            maxConcurrentRequestsPerInstance: requests.max_concurrent_requests_per_instance,
            maxQueueWait: iso(requests.max_queue_wait_ms),
          }),
        },
        dataCollector: collector && collectorBody(collector),
        properties: words.properties && { ...inLike('properties'), ...words.properties },
      }),
    },
  }
}

/** What is collected has a data asset of its own for each deployment, so a plan does not name any. */
function collectorBody({
  collections,
  sampling_rate: rate,
  rolling_rate: rolling,
}: NonNullable<z.infer<typeof deploymentWords>['data_collector']>): Json {
  const bodies = Object.entries(collections).map(([name, { enabled, sampling_rate: own }]) => [
    name,
    { dataCollectionMode: String(enabled) === 'true' ? 'Enabled' : 'Disabled', samplingRate: own ?? rate },
  ])
  return { rollingRate: rolling, collections: Object.fromEntries(bodies) }
}

const given = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
