import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import type { Body } from '../../present/present.ts'
import { presentJob } from '../../present/job.ts'
import { changed } from '../assets/versions.ts'
import { batchEndpoint as noun, job } from '../nouns.ts'
import {
  deleteCommand,
  encode,
  fileFlag,
  listCommand,
  nameFlag,
  noWaitFlag,
  optionalName,
  setFlag,
  showCommand,
} from '../verbs.ts'

const create = defineCommand({
  noun: noun.noun,
  verb: 'create',
  summary: 'Creates a batch endpoint, or changes one to what is given.',
  flags: { file: fileFlag, name: optionalName, set: setFlag, noWait: noWaitFlag },
  table: noun.table,
  examples: [
    'twinloop batch-endpoint create -n taxi-batch',
    'twinloop batch-endpoint create -n taxi-batch -f batch-endpoint.yml',
  ],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { batchEndpointBody } = await import('../../bodies/batch.ts')
    const { locationOf, nameOf } = await import('../targets.ts')
    const { value } = await readAsset(client, io, flags, 'batchEndpoint')
    const api = await client()
    const path = `/batchEndpoints/${encode(nameOf(value.name, noun))}`
    const body = batchEndpointBody(value, await locationOf(api))
    return noun.present(await api.put<Body>(path, body, { wait: !flags.noWait }))
  },
})

const update = defineCommand({
  noun: noun.noun,
  verb: 'update',
  summary: 'Chooses the default deployment, or changes tags and description.',
  flags: {
    name: nameFlag,
    defaultDeployment: {
      type: 'text',
      placeholder: 'NAME',
      summary: 'The deployment that scores unless another is named.',
    },
    set: setFlag,
    noWait: noWaitFlag,
  },
  table: noun.table,
  examples: [
    'twinloop batch-endpoint update -n taxi-batch --default-deployment green',
    'twinloop batch-endpoint update -n taxi-batch --set defaults.deployment_name=green',
  ],
  async run({ flags, client }) {
    const api = await client()
    const path = `/batchEndpoints/${encode(flags.name)}`
    const body = await api.get<Body>(path)
    const shown = { ...body.properties, tags: body.tags ?? {} }
    const sets = flags.set.map((set) =>
      set.replace(/^defaults\.deployment_name=/, 'defaults.deploymentName='),
    )
    const { tags, ...properties } = changed(shown, sets, ['tags', 'description', 'properties', 'defaults'])
    const { defaultDeployment: deploymentName } = flags
    const defaults = deploymentName === undefined ? {} : { defaults: { deploymentName } }
    const wanted = { ...body, tags, properties: { ...properties, ...defaults } }
    return noun.present(await api.put<Body>(path, wanted, { wait: !flags.noWait }))
  },
})

const invoke = defineCommand({
  noun: noun.noun,
  verb: 'invoke',
  summary: 'Scores data: starts a job whose output `score` has the predictions.',
  flags: {
    name: nameFlag,
    deploymentName: {
      type: 'text',
      short: 'd',
      aliases: ['deployment'],
      placeholder: 'NAME',
      summary: 'Which deployment. Default: the endpoint’s default.',
    },
    input: {
      type: 'text',
      placeholder: 'PATH',
      summary: 'What to score: a file or folder here (it is uploaded), azureml:NAME:VERSION, or a URI.',
    },
    inputType: {
      type: 'text',
      choices: ['uri_file', 'uri_folder', 'mltable'],
      summary: 'What --input is. Default: what is there.',
    },
    queryInput: {
      type: 'text',
      placeholder: 'SQL',
      summary: 'Scores the rows of a select instead; tables are data assets by name, as in data query.',
    },
    file: { ...fileFlag, summary: 'YAML file with inputs and outputs by name.' },
    outputPath: {
      type: 'text',
      placeholder: 'URI',
      summary: 'Folder for the predictions, e.g. azureml://datastores/workspaceblobstore/paths/scores.',
    },
    jobName: { type: 'text', placeholder: 'NAME', summary: 'Name of the job. Default: a made-up one.' },
    experimentName: { type: 'text', placeholder: 'NAME', summary: 'Its experiment. Default: the endpoint.' },
    miniBatchSize: { type: 'integer', short: 'm', summary: 'Files in one mini-batch.' },
    instanceCount: { type: 'integer', short: 'c', summary: 'How many instances.' },
    set: setFlag,
    stream: {
      type: 'switch',
      short: 's',
      summary: 'Follows the job until it ends; exit code 1 if it fails.',
    },
  },
  table: job.table,
  examples: [
    'twinloop batch-endpoint invoke -n taxi-batch --input data/taxi-batch.csv --stream',
    'twinloop batch-endpoint invoke -n taxi-batch --input azureml:taxi-data@latest --set output_file_name=scores.parquet',
    'twinloop batch-endpoint invoke -n taxi-batch --query-input "select * from trips where month = 4" --stream',
    'JOB_NAME=$(twinloop batch-endpoint invoke -n taxi-batch --input azureml:taxi-data:1 --query name -o tsv)',
  ],
  async run({ flags, io, client }) {
    const { invocationOf } = await import('../../submit/invoke-batch.ts')
    const api = await client()
    const path = `/batchEndpoints/${encode(flags.name)}`
    const started = await api.post<{ name: string }>(`${path}/invoke`, {
      properties: await invocationOf(client, io, flags),
    })
    if (flags.stream) {
      const { streamJob } = await import('../job/stream.ts')
      return streamJob(api, io, started.name)
    }
    return presentJob(await api.get<Body>(`/jobs/${encode(started.name)}`))
  },
})

const listJobs = defineCommand({
  noun: noun.noun,
  verb: 'list-jobs',
  summary: 'Lists the jobs of an endpoint.',
  flags: { name: nameFlag },
  table: job.table,
  examples: ['twinloop batch-endpoint list-jobs -n taxi-batch -o table'],
  async run({ flags, client }) {
    const { jobsOf } = await import('../../submit/invoke-batch.ts')
    return (await jobsOf(await client(), flags.name)).map((body) => presentJob(body))
  },
})

export const commands: readonly Command[] = [
  create,
  showCommand(noun),
  listCommand(noun),
  update,
  invoke,
  listJobs,
  deleteCommand(noun),
]
