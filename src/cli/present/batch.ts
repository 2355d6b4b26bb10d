import type { Json } from '../client/client.ts'
import { isoSeconds } from './platform.ts'
import { frame, lower, reference, snakeKeys, type Body } from './present.ts'

export function presentBatchEndpoint(body: Body): Json {
  const p = body.properties ?? {}
  const { deploymentName } = (p['defaults'] ?? {}) as { deploymentName?: string }
  return frame(body, {
    auth_mode: 'aad_token',
    description: p['description'],
    defaults: deploymentName === undefined ? {} : { deployment_name: deploymentName },
    scoring_uri: p['scoringUri'],
    provisioning_state: p['provisioningState'],
    location: body.location,
    properties: p['properties'],
  })
}

export function presentBatchDeployment(body: Body): Json {
  const p = body.properties ?? {}
  const common = {
    endpoint_name: /\/batchEndpoints\/([^/]+)\//i.exec(body.id ?? '')?.[1],
    description: p['description'],
    provisioning_state: p['provisioningState'],
    error: p['error'],
    location: body.location,
    properties: p['properties'],
  }
  const pipeline = p['deploymentConfiguration'] as
    | { componentId?: { assetId?: string }; settings?: Json }
    | null
    | undefined
  if (pipeline?.componentId !== undefined)
    return frame(body, {
      type: 'pipeline',
      component: reference(pipeline.componentId.assetId),
      settings: pipeline.settings,
      ...common,
    })
  const code = p['codeConfiguration'] as { codeId?: string; scoringScript?: string } | null | undefined
  const retry = (p['retrySettings'] ?? {}) as { maxRetries?: number; timeout?: string }
  return frame(body, {
    type: 'model',
    model: reference((p['model'] as { assetId?: string } | null | undefined)?.assetId),
    compute: reference(p['compute']),
    environment: reference(p['environmentId']),
    code_configuration: code
      ? { code: reference(code.codeId), scoring_script: code.scoringScript }
      : undefined,
    resources: snakeKeys(p['resources']),
    runtime: p['runtime'],
    runtime_proof: p['runtimeProof'] === null ? undefined : snakeKeys(p['runtimeProof']),
    settings: {
      mini_batch_size: p['miniBatchSize'],
      max_concurrency_per_instance: p['maxConcurrencyPerInstance'],
      error_threshold: p['errorThreshold'],
      output_action: p['outputAction'] === 'SummaryOnly' ? 'summary_only' : 'append_row',
      output_file_name: p['outputFileName'],
      logging_level: lower(p['loggingLevel']),
      retry_settings: {
        max_retries: retry.maxRetries,
        timeout: retry.timeout === undefined ? undefined : isoSeconds(retry.timeout),
      },
      environment_variables: p['environmentVariables'],
    },
    ...common,
  })
}
