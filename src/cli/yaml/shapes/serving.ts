import {
  anything,
  boolean,
  choice,
  choose,
  integer,
  list,
  map,
  number,
  object,
  required,
  text,
} from '../shape.ts'
import type { Infer, Shape } from '../shape.ts'
import { model } from './assets.ts'
import { environment, header } from './values.ts'

const traffic = map(integer({ min: 0, max: 100 }))

export const onlineEndpoint = object('an online endpoint', {
  ...header,
  type: text(),
  location: text(),
  auth_mode: choice('key', 'aml_token', 'aad_token'),
  compute: text(),
  identity: anything(),
  traffic,
  mirror_traffic: traffic,
  public_network_access: choice('enabled', 'disabled'),
})
export type OnlineEndpoint = Infer<typeof onlineEndpoint>

const probe = object('a probe', {
  failure_threshold: integer({ min: 1 }),
  success_threshold: integer({ min: 1 }),
  timeout: integer({ min: 1 }),
  period: integer({ min: 1 }),
  initial_delay: integer({ min: 0 }),
  path: text(),
  port: integer(),
  scheme: text(),
  method: text(),
})
const requirement = object('resources', { cpu: text(), memory: text(), gpu: text() }, { unknown: 'warn' })
const inlineModel = object('a model', {
  ...header,
  version: text(),
  type: text(),
  path: required(text()),
  flavors: map(anything()),
})

/** A reference, or a model that is registered with the deployment. */
export const modelReference: Shape<string | Infer<typeof model> | Infer<typeof inlineModel>> = choose<
  string | Infer<typeof inlineModel>
>('azureml:NAME:VERSION or a model', (look) =>
  look.kind === 'map'
    ? inlineModel
    : text({
        pattern: /^(azureml:|file:|\.{1,2}\/|\/)/,
        says: 'a model: use azureml:NAME:VERSION, azureml:NAME@latest, or { path, type }',
      }),
)

const collectedAsset = object('the data of a collection', {
  name: text(),
  version: text(),
  path: text({
    pattern: /^azureml:/,
    says: 'a folder of a datastore: use azureml://datastores/NAME/paths/…',
  }),
  data_id: text(),
})

/** Where a collection is kept: a registered data asset, or one that is registered with the deployment. */
const collectedData = choose<string | Infer<typeof collectedAsset>>(
  'azureml:NAME:VERSION or { name, version, path }',
  (look) => (look.kind === 'map' ? collectedAsset : text()),
)
export const onlineDeployment = object('an online deployment', {
  ...header,
  type: choice('managed', 'kubernetes'),
  endpoint_name: text(),
  model: modelReference,
  model_mount_path: text(),
  code_configuration: object('a code configuration', { code: text(), scoring_script: required(text()) }),
  environment,
  environment_variables: map(text()),
  instance_type: text(),
  instance_count: integer({ min: 0 }),
  app_insights_enabled: boolean(),
  scale_settings: object('scale settings', {
    type: required(choice('default', 'target_utilization')),
    min_instances: integer({ min: 0 }),
    max_instances: integer({ min: 1 }),
    target_utilization_percentage: number({ min: 1, max: 100 }),
    polling_interval: integer({ min: 1 }),
  }),
  request_settings: object('request settings', {
    request_timeout_ms: integer({ min: 1, max: 300_000 }),
    max_concurrent_requests_per_instance: integer({ min: 1 }),
    max_queue_wait_ms: integer({ min: 0 }),
  }),
  liveness_probe: probe,
  readiness_probe: probe,
  startup_probe: probe,
  resources: object('resources', { requests: requirement, limits: requirement }),
  data_collector: object('a data collector', {
    collections: map(
      object('a collection', {
        enabled: text({ pattern: /^(true|false)$/i, says: "'true' or 'false'" }),
        sampling_rate: number({ min: 0, max: 1 }),
        data: collectedData,
        client_id: text(),
      }),
    ),
    rolling_rate: choice('minute', 'hour', 'day', 'month', 'year'),
    sampling_rate: number({ min: 0, max: 1 }),
    request_logging: object('request logging', { capture_headers: list(text()) }),
  }),
  egress_public_network_access: choice('enabled', 'disabled'),
  private_network_connection: boolean(),
})
export type OnlineDeployment = Infer<typeof onlineDeployment>
