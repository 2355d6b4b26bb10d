import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import type { BatchDeployment, BatchEndpoint } from '../yaml/shapes/batch.ts'
import { identityBody } from './platform.ts'
import { isoDuration, pascal } from './values.ts'

/** The body of `PUT …/batchEndpoints/{name}`. */
export const batchEndpointBody = (endpoint: BatchEndpoint, location: string): Json =>
  clean({
    location: endpoint.location ?? location,
    tags: endpoint.tags ?? {},
    identity: identityBody(endpoint.identity),
    properties: clean({
      authMode: { aad_token: 'AADToken', aml_token: 'AMLToken', key: 'Key' }[
        endpoint.auth_mode ?? 'aad_token'
      ],
      description: endpoint.description,
      defaults:
        endpoint.defaults?.deployment_name === undefined
          ? undefined
          : { deploymentName: endpoint.defaults.deployment_name },
      properties: endpoint.properties ?? {},
    }),
  })

export interface BatchParts {
  readonly location: string
  readonly computeId: string | undefined
  readonly modelId: string | undefined
  readonly codeId: string | undefined
  readonly environmentId: string | undefined
  /** Of a deployment that runs a pipeline. */
  readonly componentId: string | undefined
}

/** The body of `PUT …/batchEndpoints/{endpoint}/deployments/{name}`. */
export function batchDeploymentBody(deployment: BatchDeployment, parts: BatchParts): Json {
  // Files of older versions have at their root what is in settings today.
  const settings = { ...deployment, ...deployment.settings }
  const { code_configuration: code, retry_settings: retry } = settings
  const common = {
    location: parts.location,
    tags: deployment.tags ?? {},
  }
  if (parts.componentId !== undefined)
    return {
      ...common,
      properties: clean({
        description: deployment.description,
        deploymentConfiguration: {
          deploymentConfigurationType: 'PipelineComponent',
          componentId: { referenceType: 'Id', assetId: parts.componentId },
          settings: deployment.settings ?? {},
        },
        properties: deployment.properties ?? {},
      }),
    }
  return {
    ...common,
    properties: clean({
      description: deployment.description,
      compute: parts.computeId,
      model: parts.modelId === undefined ? undefined : { referenceType: 'Id', assetId: parts.modelId },
      codeConfiguration:
        code === undefined ? undefined : clean({ codeId: parts.codeId, scoringScript: code.scoring_script }),
      environmentId: parts.environmentId,
      environmentVariables: settings.environment_variables ?? {},
      resources: clean({ instanceCount: deployment.resources?.instance_count ?? 1 }),
      errorThreshold: settings.error_threshold,
      loggingLevel: settings.logging_level === undefined ? undefined : pascal(settings.logging_level),
      miniBatchSize: settings.mini_batch_size,
      maxConcurrencyPerInstance: settings.max_concurrency_per_instance,
      outputAction: settings.output_action === 'summary_only' ? 'SummaryOnly' : 'AppendRow',
      outputFileName: settings.output_file_name,
      retrySettings:
        retry === undefined
          ? undefined
          : clean({
              maxRetries: retry.max_retries,
              timeout: retry.timeout === undefined ? undefined : isoDuration(retry.timeout),
            }),
      properties: deployment.properties ?? {},
    }),
  }
}

/** REST's names of the settings that `update --set` may change, with those that are numbers. */
const settingNames: Readonly<Record<string, string>> = {
  mini_batch_size: 'miniBatchSize',
  max_concurrency_per_instance: 'maxConcurrencyPerInstance',
  error_threshold: 'errorThreshold',
  output_file_name: 'outputFileName',
  environment_variables: 'environmentVariables',
  'retry_settings.max_retries': 'retrySettings.maxRetries',
  'retry_settings.timeout': 'retrySettings.timeout',
}

/** `settings.mini_batch_size=5`, or the same without `settings.`, as a change of the REST body. */
export const camelSets = (sets: readonly string[]): readonly string[] =>
  sets.map((set) => {
    const [, path = '', value = ''] = /^(?:settings\.)?([^=]+)=(.*)$/s.exec(set) ?? []
    const known = Object.entries(settingNames).find(([name]) => path === name || path.startsWith(`${name}.`))
    if (known === undefined) return set
    const [name, rest] = known
    return `${rest}${path.slice(name.length)}=${rest === 'retrySettings.timeout' ? isoDuration(Number(value)) : value}`
  })

/** Numbers that `--set` has given as text, as numbers again. */
export function withNumbers(properties: Json): Json {
  const numbers = ['miniBatchSize', 'maxConcurrencyPerInstance', 'errorThreshold']
  const retry = properties['retrySettings'] as Json | undefined
  return {
    ...properties,
    ...Object.fromEntries(
      numbers.filter((name) => name in properties).map((name) => [name, Number(properties[name])]),
    ),
    ...(retry === undefined ? {} : { retrySettings: { ...retry, maxRetries: Number(retry['maxRetries']) } }),
  }
}
