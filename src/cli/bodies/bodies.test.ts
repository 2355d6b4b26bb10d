import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readGraph } from '../yaml/graph.ts'
import type { Problem } from '../yaml/problem.ts'
import { readShape } from '../yaml/shape.ts'
import { commandJob, pipelineJob } from '../yaml/shapes/job.ts'
import { disk } from '../yaml/disk.ts'
import { parseSource } from '../yaml/source.ts'
import { commandSpec, inlineSpec, typeOfText } from './component.ts'
import { nodeBody } from './node.ts'
import { commandJobBody, pipelineJobBody } from './job.ts'
import { isoDuration } from './values.ts'
import { commandComponent } from '../yaml/shapes/job.ts'
import type { Shape } from '../yaml/shape.ts'

// What is expected here is what azure-ai-ml 1.35.2 makes of the same YAML (`load_job(…)._to_rest_object()`).

function read<T>(shape: Shape<T>, text: string) {
  const problems: Problem[] = []
  const source = parseSource(text, 'x.yml', '/nowhere', disk)
  const value = readShape(shape, source, problems)
  assert.deepEqual(
    problems.map((p) => p.message),
    [],
  )
  assert.ok(value !== undefined)
  return { value, source }
}

const pathOf = (path: string) =>
  path.startsWith('azureml:') && !path.startsWith('azureml://') ? `/ids/${path.slice(8)}` : path

test('a command job', () => {
  const { value } = read(
    commandJob,
    `
name: jn
command: echo \${{inputs.rate}}
environment: azureml:e:1
code: ./src
compute: azureml:c2
display_name: dn
experiment_name: exp
description: de
inputs: {rate: 0.5, b: true, n: 3, d: {path: "azureml:x:1"}, u: {type: uri_file, path: "https://x/y.csv", mode: ro_mount}}
outputs: {o: {type: uri_folder, mode: rw_mount}, z: }
environment_variables: {A: "1"}
limits: {timeout: 3600}
resources: {instance_count: 2, shm_size: 1g, instance_type: Standard_DS3}
identity: {type: user_identity}
distribution: {type: mpi, process_count_per_instance: 2}
services: {s: {type: jupyter_lab}}
queue_settings: {job_tier: spot}
tags: {x: y}
`,
  )
  const parts = { codeId: './src', environmentId: 'e:1', computeId: 'c2', pathOf }
  assert.deepEqual(commandJobBody(value, parts), {
    properties: {
      displayName: 'dn',
      description: 'de',
      command: 'echo ${{inputs.rate}}',
      codeId: './src',
      computeId: 'c2',
      properties: {},
      experimentName: 'exp',
      isArchived: false,
      inputs: {
        rate: { value: '0.5', jobInputType: 'literal' },
        b: { value: 'True', jobInputType: 'literal' },
        n: { value: '3', jobInputType: 'literal' },
        d: { uri: '/ids/x:1', jobInputType: 'uri_folder' },
        u: { uri: 'https://x/y.csv', mode: 'ReadOnlyMount', jobInputType: 'uri_file' },
      },
      outputs: {
        o: { mode: 'ReadWriteMount', jobOutputType: 'uri_folder' },
        z: { jobOutputType: 'uri_folder' },
      },
      environmentId: 'e:1',
      distribution: { processCountPerInstance: 2, distributionType: 'Mpi' },
      tags: { x: 'y' },
      identity: { identityType: 'UserIdentity' },
      environmentVariables: { A: '1' },
      resources: { instanceCount: 2, instanceType: 'Standard_DS3', properties: {}, shmSize: '1g' },
      limits: { timeout: 'PT1H', jobLimitsType: 'Command' },
      services: { s: { jobServiceType: 'JupyterLab' } },
      queueSettings: { jobTier: 'Spot' },
      jobType: 'Command',
    },
  })
})

const pipelineText = `
type: pipeline
display_name: d
inputs:
  rate: 0.5
  flag: true
  data: {type: uri_file, path: "azureml:x:1", mode: download}
  folder: {type: uri_folder, path: "azureml://datastores/workspaceblobstore/paths/a/"}
outputs:
  model: {type: mlflow_model, mode: upload, path: "azureml://datastores/b/paths/out/\${{name}}", name: m, version: "3"}
settings: {default_compute: "azureml:cpu", force_rerun: true}
tags: {a: b}
jobs:
  one:
    command: echo \${{inputs.rate}} \${{inputs.n}} \${{inputs.b}} \${{inputs.s}}
    environment: azureml:e:1
    compute: azureml:c2
    inputs:
      rate: \${{parent.inputs.rate}}
      flag: \${{parent.inputs.flag}}
      n: 3
      f: 1.5
      b: true
      s: hello
      d: {path: "\${{parent.inputs.data}}", mode: ro_mount, type: uri_file}
      e: {type: uri_folder, path: "azureml:y@latest", mode: download}
    outputs:
      o1: {type: uri_file, mode: upload}
      o2: {type: uri_folder, path: "azureml://datastores/x/paths/y"}
      o3:
      o4: {type: mlflow_model, name: reg}
      m: {type: mlflow_model, path: "\${{parent.outputs.model}}", mode: upload}
    environment_variables: {A: "1"}
    limits: {timeout: 60}
    resources: {instance_count: 2, shm_size: 1g}
    identity: {type: user_identity}
    distribution: {type: pytorch, process_count_per_instance: 2}
    tags: {x: y}
    description: desc
    properties: {p: q}
`

test('a pipeline job, its step as a component of its own and as a node', async () => {
  const { value, source } = read(pipelineJob, pipelineText)
  const graph = await readGraph(value, { source, path: [] }, [])
  const step = graph.steps.get('one')
  assert.ok(step?.value.command !== undefined)
  const { command } = step.value

  assert.deepEqual(
    inlineSpec({ ...step.value, command }, value, {
      codeId: undefined,
      environmentId: 'azureml:e:1',
    }),
    {
      command,
      environment: 'azureml:e:1',
      resources: { instance_count: 2, shm_size: '1g' },
      distribution: { type: 'pytorch', process_count_per_instance: 2 },
      description: 'desc',
      tags: { x: 'y' },
      is_deterministic: true,
      inputs: {
        rate: { type: 'number' },
        flag: { type: 'boolean' },
        n: { type: 'integer', default: '3' },
        f: { type: 'number', default: '1.5' },
        b: { type: 'boolean', default: 'True' },
        s: { type: 'string', default: 'hello' },
        d: { type: 'uri_file', mode: 'ro_mount' },
        e: { type: 'uri_folder', mode: 'download' },
      },
      outputs: {
        o1: { type: 'uri_file', mode: 'upload' },
        o2: { type: 'uri_folder' },
        o3: { type: 'uri_folder' },
        o4: { type: 'mlflow_model' },
        m: { type: 'mlflow_model', mode: 'upload' },
      },
      type: 'command',
      _source: 'YAML.JOB',
    },
  )

  assert.deepEqual(nodeBody(step, { componentId: '/c/one', computeId: 'c2', pathOf }), {
    resources: { instance_count: 2, shm_size: '1g' },
    distribution: { process_count_per_instance: 2, distribution_type: 'PyTorch' },
    limits: { timeout: 'PT1M', job_limits_type: 'Command' },
    environment_variables: { A: '1' },
    name: 'one',
    type: 'command',
    tags: { x: 'y' },
    computeId: 'c2',
    inputs: {
      rate: { value: '${{parent.inputs.rate}}', job_input_type: 'literal' },
      flag: { value: '${{parent.inputs.flag}}', job_input_type: 'literal' },
      d: { value: '${{parent.inputs.data}}', job_input_type: 'literal', mode: 'ReadOnlyMount' },
      n: { value: '3', job_input_type: 'literal' },
      f: { value: '1.5', job_input_type: 'literal' },
      b: { value: 'True', job_input_type: 'literal' },
      s: { value: 'hello', job_input_type: 'literal' },
      e: { uri: '/ids/y@latest', mode: 'Download', job_input_type: 'uri_folder' },
    },
    outputs: {
      o1: { mode: 'Upload', job_output_type: 'uri_file' },
      o2: { uri: 'azureml://datastores/x/paths/y', job_output_type: 'uri_folder' },
      o4: { job_output_type: 'mlflow_model', name: 'reg' },
      m: { value: '${{parent.outputs.model}}', type: 'literal', mode: 'Upload' },
    },
    properties: { p: 'q' },
    _source: 'YAML.JOB',
    componentId: '/c/one',
    identity: { identity_type: 'UserIdentity' },
  })

  const parts = { jobs: {}, computeId: undefined, defaultCompute: 'cpu', defaultDatastore: undefined, pathOf }
  assert.deepEqual(pipelineJobBody(value, parts), {
    properties: {
      displayName: 'd',
      tags: { a: 'b' },
      properties: {},
      jobs: {},
      isArchived: false,
      inputs: {
        rate: { value: '0.5', jobInputType: 'literal' },
        flag: { value: 'True', jobInputType: 'literal' },
        data: { uri: '/ids/x:1', mode: 'Download', jobInputType: 'uri_file' },
        folder: { uri: 'azureml://datastores/workspaceblobstore/paths/a/', jobInputType: 'uri_folder' },
      },
      outputs: {
        model: {
          assetName: 'm',
          uri: 'azureml://datastores/b/paths/out/${{name}}',
          mode: 'Upload',
          jobOutputType: 'mlflow_model',
          assetVersion: '3',
        },
      },
      settings: { default_compute: 'cpu', force_rerun: true, _source: 'YAML.JOB' },
      jobType: 'Pipeline',
    },
  })
})

test('a command component', () => {
  const { value } = read(
    commandComponent,
    `
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
name: tr
version: 01
display_name: T
type: command
tags: {a: b}
inputs:
  lr: {type: number, default: 0.1, min: 0, max: 1}
  k: {type: integer, default: 3, optional: true}
  bb: {type: boolean, default: true}
  data: {type: uri_folder, mode: ro_mount, description: dd}
outputs:
  model: {type: mlflow_model}
code: ./src
environment: azureml:e@latest
command: echo \${{inputs.lr}} $[[--k \${{inputs.k}}]]
resources: {instance_count: 2}
`,
  )
  assert.deepEqual(
    commandSpec(value, { codeId: '/subscriptions/s/codes/c', environmentId: 'azureml:e@latest' }),
    {
      command: 'echo ${{inputs.lr}} $[[--k ${{inputs.k}}]]',
      code: 'azureml:/subscriptions/s/codes/c',
      environment: 'azureml:e@latest',
      resources: { instance_count: 2 },
      name: 'tr',
      tags: { a: 'b' },
      // PyYAML makes 1 of it; what the user wrote is what they will ask for.
      version: '01',
      $schema: 'https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json',
      display_name: 'T',
      is_deterministic: true,
      inputs: {
        lr: { type: 'number', default: '0.1', max: '1.0', min: '0.0' },
        k: { type: 'integer', optional: true, default: '3' },
        bb: { type: 'boolean', default: 'True' },
        data: { type: 'uri_folder', description: 'dd', mode: 'ro_mount' },
      },
      outputs: { model: { type: 'mlflow_model' } },
      type: 'command',
      _source: 'YAML.COMPONENT',
    },
  )
})

test('durations and the types of literals', () => {
  assert.deepEqual([60, 3600, 5400, 86_400, 61, 0].map(isoDuration), [
    'PT1M',
    'PT1H',
    'PT1H30M',
    'PT24H',
    'PT1M1S',
    'PT0S',
  ])
  assert.deepEqual(['True', '3', '-0.5', '1e-3', 'false', 'x', '2023-03-15'].map(typeOfText), [
    'boolean',
    'integer',
    'number',
    'number',
    'string',
    'string',
    'string',
  ])
})
