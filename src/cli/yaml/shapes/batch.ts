import { anything, choice, integer, map, object, required, text } from '../shape.ts'
import type { Infer } from '../shape.ts'
import { componentReference } from './job.ts'
import { modelReference } from './serving.ts'
import { environment, header, inputs, outputs } from './values.ts'

export const batchEndpoint = object('a batch endpoint', {
  ...header,
  type: text(),
  location: text(),
  auth_mode: choice('aad_token', 'aml_token', 'key'),
  identity: anything(),
  defaults: object('the defaults', { deployment_name: text() }),
})
export type BatchEndpoint = Infer<typeof batchEndpoint>

const retrySettings = object('retry settings', {
  max_retries: integer({ min: 0 }),
  timeout: integer({ min: 1 }),
})

/** Of a model: how its mini-batches are scored. Files of older versions have them at their root. */
const miniBatches = {
  error_threshold: integer({ min: -1 }),
  logging_level: choice('info', 'warning', 'debug'),
  mini_batch_size: integer({ min: 1 }),
  max_concurrency_per_instance: integer({ min: 1 }),
  output_action: choice('append_row', 'summary_only'),
  output_file_name: text(),
  retry_settings: retrySettings,
  environment_variables: map(text()),
}

/** Of a pipeline: the pipeline's own settings. */
const pipelineSettings = {
  default_compute: text(),
  default_datastore: text(),
  continue_on_step_failure: text(),
  force_rerun: text(),
}

export const batchDeployment = object('a batch deployment', {
  ...header,
  ...miniBatches,
  type: choice('model', 'pipeline'),
  endpoint_name: text(),
  model: modelReference,
  code_configuration: object('a code configuration', { code: text(), scoring_script: required(text()) }),
  environment,
  compute: text(),
  resources: object(
    'resources',
    { instance_count: integer({ min: 1 }), instance_type: text(), properties: anything() },
    { unknown: 'warn' },
  ),
  settings: object('the settings', { ...miniBatches, ...pipelineSettings }),
  component: componentReference,
  job_definition: text({ pattern: /^azureml:/, says: 'a job: use azureml:NAME' }),
})
export type BatchDeployment = Infer<typeof batchDeployment>

/** What a pipeline behind a batch endpoint is given, by name. */
export const batchInvocation = object('inputs and outputs', { ...header, inputs, outputs })
export type BatchInvocation = Infer<typeof batchInvocation>
