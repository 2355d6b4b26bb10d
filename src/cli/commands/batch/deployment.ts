import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { presentJob } from '../../present/job.ts'
import type { Body } from '../../present/present.ts'
import { changed } from '../assets/versions.ts'
import { batchDeployment as noun, job } from '../nouns.ts'
import {
  deploymentCommands,
  deploymentPath,
  endpointFlag,
  endpointOf,
  namingSets,
  requiredEndpoint,
} from '../endpoint-deployments.ts'
import { encode, fileFlag, nameFlag, noWaitFlag, optionalName, setFlag } from '../verbs.ts'

const create = defineCommand({
  noun: noun.noun,
  verb: 'create',
  summary: 'Puts a model or a pipeline behind a batch endpoint; waits until its environment stands.',
  flags: {
    file: { ...fileFlag, required: true },
    name: optionalName,
    endpointName: endpointFlag,
    setDefault: { type: 'switch', summary: 'Makes it the default of its endpoint.' },
    set: setFlag,
    noWait: noWaitFlag,
    skipScriptValidation: { type: 'switch', summary: 'Accepted for az.' },
  },
  table: noun.table,
  examples: [
    'twinloop batch-deployment create -f batch-deployment.yml --set-default',
    'twinloop batch-deployment create --name taxi-batch-dp --endpoint taxi-batch -f batch-deployment.yml --set-default',
  ],
  async run({ flags, io, client }) {
    const { prepare } = await import('../../submit/prepare.ts')
    const { batchDeploymentOf } = await import('../../submit/batch.ts')
    const { locationOf, nameOf } = await import('../targets.ts')
    const sets = [...namingSets(flags), ...flags.set]
    const prepared = await prepare(client, io, flags.file, { kinds: ['batchDeployment'], sets })
    const { value } = prepared.loaded
    const endpoint = endpointOf(value)
    const api = await client()
    const name = nameOf(value.name, noun)
    const body = await batchDeploymentOf(api, prepared, await locationOf(api))
    if (!flags.noWait) io.stderr(`deployment ${name} of ${endpoint}: waiting until its environment stands\n`)
    const made = await api.put<Body>(deploymentPath(noun, endpoint, name), body, { wait: !flags.noWait })
    if (flags.setDefault) {
      const defaults = { properties: { defaults: { deploymentName: name } } }
      await api.send('PATCH', `/batchEndpoints/${encode(endpoint)}`, { body: defaults })
    }
    return noun.present(made)
  },
})

const update = defineCommand({
  noun: noun.noun,
  verb: 'update',
  summary: 'Changes the settings of a batch deployment.',
  flags: {
    name: nameFlag,
    endpointName: requiredEndpoint,
    set: { ...setFlag, required: true },
    noWait: noWaitFlag,
  },
  table: noun.table,
  examples: [
    'twinloop batch-deployment update -n taxi-batch-dp -e taxi-batch --set settings.mini_batch_size=5',
  ],
  async run({ flags, client }) {
    const { camelSets, withNumbers } = await import('../../bodies/batch.ts')
    const api = await client()
    const path = deploymentPath(noun, flags.endpointName, flags.name)
    const body = await api.get<Body>(path)
    const { tags, ...properties } = changed(
      { ...body.properties, tags: body.tags ?? {} },
      camelSets(flags.set),
      [
        'tags',
        'description',
        'properties',
        'miniBatchSize',
        'maxConcurrencyPerInstance',
        'errorThreshold',
        'outputFileName',
        'retrySettings',
        'environmentVariables',
      ],
    )
    return noun.present(
      await api.put<Body>(
        path,
        { ...body, tags, properties: withNumbers(properties) },
        { wait: !flags.noWait },
      ),
    )
  },
})

const listJobs = defineCommand({
  noun: noun.noun,
  verb: 'list-jobs',
  summary: 'Lists the jobs of a batch deployment.',
  flags: { name: nameFlag, endpointName: requiredEndpoint },
  table: job.table,
  examples: ['twinloop batch-deployment list-jobs -n taxi-batch-dp -e taxi-batch -o table'],
  async run({ flags, client }) {
    const { jobsOf } = await import('../../submit/invoke-batch.ts')
    const all = await jobsOf(await client(), flags.endpointName, flags.name)
    return all.map((body) => presentJob(body))
  },
})

const { show, list, remove } = deploymentCommands(
  noun,
  {},
  'Deletes a batch deployment that is not the default.',
)

export const commands: readonly Command[] = [create, show, list, update, listJobs, remove]
