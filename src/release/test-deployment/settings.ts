import { z } from 'zod'
import type { Json, Resource } from '../../kernel/resources/resource.ts'

/** What a plan may say of how the candidate is deployed to be tried, in the words of Azure ML's YAML. */
export const testDeploymentSettings = z.strictObject({
  instance_type: z.string().min(1).optional(),
  instance_count: z.number().int().min(1).max(20).optional(),
  environment: z.string().min(1).optional(),
  environment_variables: z.record(z.string(), z.string()).optional(),
  code_configuration: z
    .strictObject({ code: z.string().min(1), scoring_script: z.string().min(1) })
    .optional(),
  max_concurrent_requests_per_instance: z.number().int().min(1).max(1000).optional(),
  request_timeout_ms: z.number().int().min(1).max(180_000).optional(),
})

export type TestDeploymentSettings = z.infer<typeof testDeploymentSettings>

/** Of a deployment that reigns, what one that takes its place is to have as well. Not where it collects what it scores. */
const kept = [
  'environmentId',
  'environmentVariables',
  'codeConfiguration',
  'instanceType',
  'requestSettings',
  'readinessProbe',
  'livenessProbe',
  'modelMountPath',
] as const

/** The body of a deployment of a model to be tried: as the champion's, where there is one, but for what the plan says. */
export function testDeployment(
  model: string,
  settings: TestDeploymentSettings,
  like: Resource | undefined,
): { readonly location?: string; readonly sku: Json; readonly properties: Json } {
  const taken = Object.fromEntries(
    kept.flatMap((name) => (like?.properties[name] == null ? [] : [[name, like.properties[name]]])),
  )
  const { code_configuration: code, environment_variables: variables } = settings
  const requests = {
    ...(settings.max_concurrent_requests_per_instance === undefined
      ? {}
      : { maxConcurrentRequestsPerInstance: settings.max_concurrent_requests_per_instance }),
    ...(settings.request_timeout_ms === undefined
      ? {}
      : { requestTimeout: `PT${settings.request_timeout_ms / 1000}S` }),
  }
  const capacity = settings.instance_count ?? Number(like?.envelope.sku?.['capacity'] ?? 1)
  return {
    sku: { name: 'Default', capacity },
    properties: {
      ...taken,
      endpointComputeType: 'Managed',
      model,
      // What an instance is cannot change while it is measured.
      scaleSettings: { scaleType: 'Default' },
      requestSettings: { ...(taken['requestSettings'] as Json | undefined), ...requests },
      ...(settings.instance_type === undefined ? {} : { instanceType: settings.instance_type }),
      ...(settings.environment === undefined ? {} : { environmentId: settings.environment }),
      ...(variables === undefined
        ? {}
        : {
            environmentVariables: {
              ...(taken['environmentVariables'] as Json | undefined),
              ...variables,
            },
          }),
      ...(code === undefined
        ? {}
        : { codeConfiguration: { codeId: code.code, scoringScript: code.scoring_script } }),
    },
  }
}
