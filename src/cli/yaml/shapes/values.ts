import {
  anything,
  boolean,
  choice,
  choose,
  integer,
  literal,
  map,
  number,
  object,
  required,
  text,
} from '../shape.ts'
import type { Infer, Shape } from '../shape.ts'

/** Names of inputs and outputs, which become variables and folders; Azure's own rule, and `.` for groups. */
const names = { pattern: /^[A-Za-z_][A-Za-z0-9_.-]*$/, says: 'a name of letters, digits and underscores' }

export const dataTypes = [
  'uri_file',
  'uri_folder',
  'mltable',
  'mlflow_model',
  'custom_model',
  'triton_model',
  'safe_tensors_model',
] as const
export const literalTypes = ['string', 'number', 'integer', 'boolean'] as const

const inputModes = [
  'ro_mount',
  'rw_mount',
  'mount',
  'download',
  'direct',
  'eval_mount',
  'eval_download',
  'upload',
] as const
const outputModes = ['rw_mount', 'mount', 'upload', 'direct', 'link'] as const

const dataInput = object('an input', {
  type: choice(...dataTypes, ...literalTypes, 'path'),
  path: text(),
  mode: choice(...inputModes),
  datastore: text(),
  value: literal(),
  default: literal(),
  description: text(),
  optional: boolean(),
  path_on_compute: text(),
})

/** An input of a job or step: a literal (as text), or data with its path. */
export const input: Shape<string | Infer<typeof dataInput>> = choose<string | Infer<typeof dataInput>>(
  'a value or { type, path }',
  (look) => (look.kind === 'map' ? dataInput : literal()),
)
export type Input = Infer<typeof input>

const dataOutput = object('an output', {
  type: choice(...dataTypes, ...literalTypes, 'path'),
  path: text(),
  mode: choice(...outputModes),
  name: text(),
  version: text(),
  description: text(),
  path_on_compute: text(),
})

/** An output of a job or step: nothing, `${{parent.outputs.x}}`, or where and how it is kept. */
export const output: Shape<string | Infer<typeof dataOutput>> = choose<string | Infer<typeof dataOutput>>(
  'an output',
  (look) =>
    look.kind === 'map'
      ? dataOutput
      : text({ pattern: /\$\{\{/, says: 'an output: use { type, path } or ${{parent.outputs.NAME}}' }),
)
export type Output = Infer<typeof output>

export const inputs = map(input, names)
export const outputs = map(output, names)

const declaredInput = object('an input of a component', {
  type: required(choice(...dataTypes, ...literalTypes, 'path')),
  default: literal(),
  optional: boolean(),
  min: number(),
  max: number(),
  enum: anything(),
  description: text(),
  mode: choice(...inputModes),
  path: text(),
  datastore: text(),
})
const declaredOutput = object('an output of a component', {
  type: required(choice(...dataTypes, ...literalTypes, 'path')),
  mode: choice(...outputModes),
  description: text(),
  path: text(),
  early_available: boolean(),
})
export const declaredInputs = map(declaredInput, names)
export const declaredOutputs = map(declaredOutput, names)
export type DeclaredInput = Infer<typeof declaredInput>

export const tags = map(literal())
export const properties = map(literal())

/** Fields that every file may begin with. */
export const header = {
  $schema: text(),
  name: text(),
  description: text(),
  tags,
  properties,
}

const condaFile = choose<unknown>('a path, or the conda specification itself', (look) =>
  look.kind === 'map' ? anything() : text(),
)
const route = object('a route', { path: required(text()), port: required(integer({ min: 1, max: 65535 })) })

/** What an environment is made of, whether it has a name or stands inline. */
export const environmentFields = {
  image: text(),
  conda_file: condaFile,
  build: object('a build', { path: required(text()), dockerfile_path: text() }),
  os_type: choice('linux', 'windows'),
  inference_config: object('an inference configuration', {
    liveness_route: route,
    readiness_route: route,
    scoring_route: route,
  }),
  datastore: text(),
}

const inlineEnvironment = object('an environment', { ...header, ...environmentFields, version: text() })
export type InlineEnvironment = Infer<typeof inlineEnvironment>

/** A reference (`azureml:name:1`), a file (`file:./env.yml`), or the environment itself. */
export const environment: Shape<string | InlineEnvironment> = choose<string | InlineEnvironment>(
  'azureml:NAME:VERSION or an environment',
  (look) =>
    look.kind === 'map'
      ? inlineEnvironment
      : text({
          pattern: /^(azureml:|file:|\.{1,2}\/|.*\.ya?ml$)/,
          says: 'an environment: use azureml:NAME:VERSION, azureml:NAME@latest, or { image, conda_file }',
        }),
)

export const compute = text()
const identity = object('an identity', {
  type: required(choice('user_identity', 'managed', 'managed_identity', 'aml_token', 'user')),
  client_id: text(),
  object_id: text(),
  msi_resource_id: text(),
})
const distribution = object('a distribution', {
  type: required(choice('mpi', 'pytorch', 'tensorflow', 'ray')),
  process_count_per_instance: integer({ min: 1 }),
  worker_count: integer({ min: 0 }),
  parameter_server_count: integer({ min: 0 }),
  port: integer(),
  address: text(),
  include_dashboard: boolean(),
  dashboard_port: integer(),
  head_node_additional_args: text(),
  worker_node_additional_args: text(),
})
const resources = object(
  'resources',
  {
    instance_count: integer({ min: 1 }),
    max_instance_count: integer({ min: 1 }),
    instance_type: anything(),
    shm_size: text(),
    docker_args: anything(),
    locations: anything(),
    properties: anything(),
  },
  { unknown: 'warn' },
)

/** How a command runs: shared by jobs, steps and (in part) components. */
export const runFields = {
  compute,
  environment_variables: map(literal()),
  resources,
  distribution,
  limits: object('limits', { timeout: integer({ min: 1 }) }),
  identity,
  services: map(anything()),
  queue_settings: object('queue settings', { job_tier: text(), priority: text() }),
}
export const componentRunFields = { resources, distribution }
