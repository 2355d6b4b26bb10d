import type { Json } from '../client/client.ts'
import { Failure } from '../failure.ts'
import { clean } from '../present/present.ts'
import { isLocalPath } from '../yaml/checks/check.ts'
import type { Schedule, ScheduledJob } from '../yaml/shapes/schedule.ts'
import { inputBody, jobOutputBody } from './values.ts'

/** What a batch endpoint is asked each time. What is scored lies at the server: it is another each time. */
export function invocationDefinition(given: NonNullable<Schedule['invoke_batch_endpoint']>): Json {
  const { endpoint, deployment, query, inputs = {}, outputs = {}, settings } = given
  const stay = (path: string) => {
    if (isLocalPath(path))
      throw new Failure(`${path} is a path of this machine, and a schedule scores what is at the server`, {
        hint: 'name a data asset (azureml:NAME@latest) or a path of a datastore',
      })
    return path
  }
  return clean({
    endpoint,
    deployment,
    inputData: {
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, input]) => [name, inputBody(input, stay, 'job')]),
      ),
      ...(query === undefined ? {} : { query: { jobInputType: 'query', value: query } }),
    },
    outputData: Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [name, jobOutputBody(output)]),
    ),
    outputFileName: settings?.output_file_name,
    miniBatchSize: settings?.mini_batch_size,
    errorThreshold: settings?.error_threshold,
  })
}

/** The properties of a job that is at the server, which takes it from there, with what a schedule says otherwise. */
export function jobAtServer(workspaceId: string, job: string, changes: Omit<ScheduledJob, 'job'>): Json {
  const name = job.replace(/^azureml:/i, '')
  const { inputs } = changes
  return clean({
    jobType: changes.type === 'command' ? 'Command' : 'Pipeline',
    sourceJobId: name.startsWith('/') ? name : `${workspaceId}/jobs/${name}`,
    experimentName: changes.experiment_name ?? '',
    description: changes.description,
    tags: changes.tags,
    settings: changes.settings,
    isArchived: false,
    inputs:
      inputs === undefined
        ? undefined
        : Object.fromEntries(
            Object.entries(inputs).map(([key, input]) => [key, inputBody(input, (path) => path, 'job')]),
          ),
  })
}
