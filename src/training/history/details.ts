import type { Json } from '../../kernel/resources/resource.ts'
import type { Job } from '../jobs/job.ts'
import { hasEnded } from '../jobs/status.ts'

/** What Azure's run history tells of a run while a client follows it. `logFiles`: URLs by path. */
export function runDetails(job: Job, logFiles: Readonly<Record<string, string>>): Json {
  const { status } = job
  return {
    runId: job.name,
    target: job.properties.computeId ?? 'local',
    status: status.status,
    startTimeUtc: status.startTime ?? null,
    endTimeUtc: status.endTime ?? null,
    warnings: (status.warnings ?? []).map((message) => ({ source: 'twinloop', message })),
    error:
      status.error === undefined
        ? null
        : { error: { ...status.error, details: [] }, time: status.endTime ?? null },
    properties: job.properties.properties ?? {},
    tags: job.properties.tags ?? {},
    logFiles,
  }
}

/** A run as run history lists it; `dataTypes` is how the client that asks spells the types of its outputs. */
export function runDto(job: Job, dataTypes: DataTypes = pascalTypes): Json {
  const { properties, status } = job
  return {
    runId: job.name,
    parentRunId: properties.parentJobName ?? null,
    rootRunId: status.rootJobName,
    status: status.status,
    createdUtc: job.createdAt.toISOString(),
    startTimeUtc: status.startTime ?? null,
    endTimeUtc: status.endTime ?? null,
    displayName: properties.displayName ?? job.name,
    name: properties.stepName ?? null,
    description: properties.description ?? null,
    runType: typeof properties.parentJobName === 'string' ? 'azureml.StepRun' : 'azureml.Run',
    target: properties.computeId ?? 'local',
    tags: properties.tags ?? {},
    properties: properties.properties ?? {},
    error: status.error === undefined ? null : { error: status.error },
    hidden: job.archived,
    outputs: runOutputs(job, dataTypes),
  }
}

/** Run history's names for types of data. */
const pascalTypes = { uri_file: 'UriFile', uri_folder: 'UriFolder', mltable: 'MLTable' } as const
const snakeTypes = { uri_file: 'uri_file', uri_folder: 'uri_folder', mltable: 'mltable' } as const
type DataTypes = typeof pascalTypes | typeof snakeTypes

/**
 * Azure's Python SDK compares the types with its own names for them and looks in the wrong place where it finds none:
 * since 1.35 these are the resource model's. The request has no api-version, so its User-Agent tells.
 */
export function dataTypesFor(userAgent: string | undefined): DataTypes {
  const [, major = 0, minor = 0] = /\bazure-ai-ml\/(\d+)\.(\d+)/.exec(userAgent ?? '')?.map(Number) ?? []
  return major > 1 || (major === 1 && minor >= 35) ? snakeTypes : pascalTypes
}

const modelTypes = {
  mlflow_model: 'MLFlowModel',
  custom_model: 'CustomModel',
  triton_model: 'TritonModel',
} as const

/** Each output with the id by which `batchGetResolvedUris` knows it. */
export function runOutputs(job: Job, dataTypes: DataTypes): Json {
  return Object.fromEntries(
    Object.entries(job.status.outputs ?? {}).map(([name, { type }]) => [
      name,
      { assetId: `azureml://jobs/${job.name}/outputs/${name}`, type: { ...dataTypes, ...modelTypes }[type] },
    ]),
  )
}

/**
 * The log of a pipeline, in Azure ML's words: which step was submitted and which ended when. What was said once stays
 * as it was, so that a client can follow it by its length.
 */
export function pipelineLog(steps: readonly Job[]): string {
  const said = steps.flatMap((step) => {
    const name = step.properties.stepName ?? step.name
    const began = { at: step.createdAt.toISOString(), text: `Submitting step '${name}' as job ${step.name}` }
    const { endTime, status } = step.status
    const how = status === 'Completed' ? 'Completing' : status === 'Canceled' ? 'Cancelling' : 'Failing'
    return hasEnded(status) && endTime !== undefined
      ? [began, { at: endTime, text: `${how} step '${name}' (job ${step.name})` }]
      : [began]
  })
  return said
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ at, text }) => `[${at}] ${text}\n`)
    .join('')
}
