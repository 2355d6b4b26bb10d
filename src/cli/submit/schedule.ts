import { relative, resolve } from 'node:path'
import { invocationDefinition, jobAtServer } from '../bodies/scheduled.ts'
import { importProperties } from '../bodies/transfer.ts'
import type { Client, Json } from '../client/client.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import type { Resolved } from '../references/resolve.ts'
import type { Schedule, ScheduledJob } from '../yaml/shapes/schedule.ts'
import { jobBody } from './job.ts'
import { monitorOf } from './monitor.ts'
import { prepare } from './prepare.ts'

/** The action of a schedule, with the job or import that it refers to read, checked and uploaded. */
export async function scheduleAction(
  client: () => Promise<Client>,
  io: Io,
  schedule: Schedule,
  folder: string,
): Promise<Json> {
  const { create_job: job, import_data: data, invoke_batch_endpoint: invocation } = schedule
  if ([job, data, invocation, schedule.create_monitor].filter((action) => action !== undefined).length !== 1)
    throw new Failure(
      'a schedule needs one of create_job, create_monitor, import_data and invoke_batch_endpoint',
    )
  if (schedule.create_monitor !== undefined)
    return {
      actionType: 'CreateMonitor',
      monitorDefinition: await monitorOf(client, schedule.create_monitor, folder),
    }
  if (job !== undefined)
    return { actionType: 'CreateJob', jobDefinition: await jobDefinition(client, io, job, folder) }
  if (invocation !== undefined)
    return {
      actionType: 'InvokeBatchEndpoint',
      endpointInvocationDefinition: invocationDefinition(invocation),
    }
  return { actionType: 'ImportData', dataImportDefinition: await importDefinition(client, io, data, folder) }
}

/**
 * The properties of a job by its file (checked, its code uploaded) or by its name at the server. Data that it names by a
 * label (`azureml:flights@latest`) are those that have the label when it runs, which is another day.
 */
export async function jobDefinition(
  client: () => Promise<Client>,
  io: Io,
  given: string | ScheduledJob,
  folder: string,
) {
  const { job, ...changes } = typeof given === 'string' ? { job: given } : given
  if (/^azureml:|^\/subscriptions\//i.test(job))
    return jobAtServer((await client()).workspaceId, job, changes)
  const file = relative(io.cwd, resolve(folder, job.replace(/^file:/, '')))
  const prepared = await prepare(client, io, file, {
    kinds: ['commandJob', 'pipelineJob'],
    sets: asSets(changes),
  })
  const resolved = keepingLabels(prepared.resolved)
  const body = await jobBody(await client(), { ...prepared, resolved }, { cwd: io.cwd })
  const { properties } = body as { properties: Json }
  return properties
}

const keepingLabels = (resolved: Resolved): Resolved => ({
  id: (type, text) =>
    type === 'data' && /^(azureml:)?[^:@/]+@[^:@/]+$/.test(text)
      ? `azureml:${text.replace(/^azureml:/, '')}`
      : resolved.id(type, text),
})

/** What the schedule says otherwise, as changes to the job's file: names below inputs and the like are kept apart. */
function asSets(changes: Json): readonly string[] {
  const nested = new Set(['inputs', 'outputs', 'settings', 'tags'])
  return Object.entries(changes).flatMap(([key, value]) =>
    nested.has(key)
      ? Object.entries((value ?? {}) as Json).map(
          ([name, one]) => `${key}.${name.replaceAll('.', '\\.')}=${written(one)}`,
        )
      : key === 'type'
        ? []
        : [`${key}=${written(value)}`],
  )
}
const written = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

async function importDefinition(
  client: () => Promise<Client>,
  io: Io,
  data: Schedule['import_data'],
  folder: string,
): Promise<Json> {
  const value =
    typeof data === 'string'
      ? (
          await prepare(client, io, relative(io.cwd, resolve(folder, data.replace(/^file:/, ''))), {
            kinds: ['dataImport'],
          })
        ).loaded.value
      : data
  if (value?.name === undefined)
    throw new Failure('the data import of a schedule needs the name of its data asset')
  return importProperties({ ...value, name: value.name })
}
