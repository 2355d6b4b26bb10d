import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Urls } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { json } from '../wire.ts'
import { outputBody, readJobOutput } from './io.ts'
import { internalState, kindOf } from './job.ts'
import type { Job } from './job.ts'

/** What is shown of a job beside what was asked for, so that Azure's clients find every object that they read from. */
export function showJob(job: Job, urls: Urls): Json {
  const { properties, status } = job
  const hidden = Object.fromEntries(internalState.map((name) => [name, undefined]))
  return {
    ...hidden,
    jobType: kindOf(properties),
    status: status.status,
    displayName: properties.displayName ?? job.name,
    experimentName: properties.experimentName ?? 'Default',
    isArchived: properties.isArchived ?? false,
    tags: properties.tags ?? {},
    properties: { ...properties.properties, ...provenance(job) },
    inputs: properties.inputs ?? {},
    outputs: shownOutputs(job),
    services: { ...properties.services, ...services(job, urls) },
    ...(kindOf(properties) === 'Command'
      ? { environmentVariables: properties.environmentVariables ?? {} }
      : {}),
    ...(kindOf(properties) === 'Pipeline'
      ? { settings: properties.settings ?? {}, jobs: properties.jobs ?? {} }
      : {}),
  }
}

/**
 * Each output as it was asked for, with where it went once that is known. Azure shows the run's own folder as `default`,
 * too; azure-ai-ml 1.35 then signs addresses of logs with what is no key, so it is left out: every client
 * knows that folder without being told.
 */
function shownOutputs(job: Job): Json {
  return Object.fromEntries(
    Object.entries(json(job.properties.outputs) ?? {})
      .filter(([name]) => name !== 'default')
      .map(([name, value]) => {
        const uri = job.status.outputs?.[name]?.uri
        const asked = readJobOutput(value, `properties.outputs.${name}`)
        return [name, { ...json(value), ...outputBody(uri === undefined ? asked : { ...asked, uri }) }]
      }),
  )
}

function services(job: Job, urls: Urls): Json {
  const workspace = scopeId(job.id) ?? ''
  return {
    Tracking: service('Tracking', `${urls.https}/mlflow/v2.0${workspace}`),
    Studio: service('Studio', `${urls.http}/studio/jobs/${job.name}`),
  }
}

const service = (jobServiceType: string, endpoint: string): Json => ({
  jobServiceType,
  endpoint,
  port: null,
  status: null,
  errorMessage: null,
  properties: {},
})

/** Azure ML's own properties of a step's run. */
function provenance({ status }: Job): Json {
  if (status.reusedFrom === undefined) return {}
  return { 'azureml.isreused': 'true', 'azureml.reusedrunid': status.reusedFrom }
}
