import { anything, boolean, choice, choose, integer, list, map, object, required, text } from '../shape.ts'
import type { Infer } from '../shape.ts'
import { environmentFields, header } from './values.ts'

export const data = object('a data asset', {
  ...header,
  version: text(),
  type: choice('uri_folder', 'uri_file', 'mltable'),
  path: required(text()),
  datastore: text(),
  skip_validation: boolean(),
})
export type Data = Infer<typeof data>

export const environment = object('an environment', { ...header, version: text(), ...environmentFields })

export const model = object('a model', {
  ...header,
  version: text(),
  type: choice('custom_model', 'mlflow_model', 'triton_model', 'safe_tensors_model'),
  path: required(text()),
  stage: text(),
  flavors: map(anything()),
  datastore: text(),
})
export type Model = Infer<typeof model>

const credentials = object('credentials', {
  account_key: text(),
  sas_token: text(),
  tenant_id: text(),
  client_id: text(),
  client_secret: text(),
  access_key_id: text(),
  secret_access_key: text(),
  resource_url: text(),
  authority_url: text(),
})
export const datastore = object('a datastore', {
  ...header,
  type: required(
    choice('azure_blob', 'azure_file', 'azure_data_lake_gen1', 'azure_data_lake_gen2', 'local_folder', 's3'),
  ),
  account_name: text(),
  container_name: text(),
  file_share_name: text(),
  filesystem: text(),
  store_name: text(),
  endpoint: text(),
  protocol: choice('https', 'http', 'wasbs', 'abfss'),
  path: text(),
  bucket: text(),
  region: text(),
  connection: text(),
  credentials,
})
export type Datastore = Infer<typeof datastore>

const computeHeader = {
  $schema: text(),
  name: text(),
  description: text(),
  location: text(),
  tags: header.tags,
  type: text(),
  size: text(),
  identity: anything(),
  network_settings: anything(),
  ssh_settings: anything(),
  ssh_public_access_enabled: boolean(),
  enable_node_public_ip: boolean(),
}
const amlCompute = object('an amlcompute', {
  ...computeHeader,
  tier: choice('dedicated', 'low_priority'),
  min_instances: integer({ min: 0 }),
  max_instances: integer({ min: 0 }),
  idle_time_before_scale_down: integer({ min: 0 }),
})
const computeInstance = object('a compute instance', {
  ...computeHeader,
  schedules: anything(),
  idle_time_before_shutdown: text(),
  idle_time_before_shutdown_minutes: integer({ min: 1 }),
  create_on_behalf_of: anything(),
  setup_scripts: anything(),
  custom_applications: list(anything()),
  enable_sso: boolean(),
  enable_root_access: boolean(),
  release_quota_on_stop: boolean(),
  enable_os_patching: boolean(),
})
const kubernetesCompute = object('a Kubernetes compute', {
  ...computeHeader,
  resource_id: text(),
  namespace: text(),
  properties: anything(),
})
export type Compute = Infer<typeof amlCompute> &
  Infer<typeof computeInstance> &
  Infer<typeof kubernetesCompute>

export const compute = choose<Compute>(
  'a compute',
  (look) => {
    switch (look.field('type')?.toLowerCase().replaceAll(/[-_]/g, '')) {
      case 'computeinstance':
        return computeInstance
      case 'kubernetes':
        return kubernetesCompute
      default:
        return amlCompute
    }
  },
  () => [amlCompute, computeInstance, kubernetesCompute],
)

export const workspace = object('a workspace', {
  ...header,
  location: text(),
  display_name: text(),
  resource_group: text(),
  hbi_workspace: boolean(),
  storage_account: text(),
  container_registry: text(),
  key_vault: text(),
  application_insights: text(),
  customer_managed_key: anything(),
  image_build_compute: text(),
  public_network_access: choice('Enabled', 'Disabled'),
  managed_network: anything(),
  identity: anything(),
  primary_user_assigned_identity: text(),
  system_datastores_auth_mode: text(),
  network_acls: anything(),
  serverless_compute: anything(),
  provision_network_now: boolean(),
  enable_data_isolation: boolean(),
})
export type Workspace = Infer<typeof workspace>

export const registry = object('a registry', {
  ...header,
  location: text(),
  replication_locations: list(object('a region', { location: text(), storage_config: anything() })),
  public_network_access: choice('Enabled', 'Disabled'),
  intellectual_property: object('an intellectual property', { publisher: text() }),
  managed_resource_group: text(),
  container_registry: anything(),
})
export type Registry = Infer<typeof registry>
