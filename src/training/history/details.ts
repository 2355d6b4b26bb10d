import type { Json } from '../../kernel/resource.ts'
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

/** A run as run history lists it. */
export function runDto(job: Job, spelling: Spelling = 'Pascal'): Json {
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
    outputs: runOutputs(job, spelling),
  }
}

/** How a client spells types of data: run history says `UriFolder`; azure-ai-ml 1.35 and later looks for `uri_folder`. */
export type Spelling = 'Pascal' | 'snake'

/** The spelling that the client of this User-Agent understands. */
export function spellingFor(userAgent: string | undefined): Spelling {
  const [, major, minor] = /\bazure-ai-ml\/(\d+)\.(\d+)/.exec(userAgent ?? '') ?? []
  return Number(major ?? 0) * 1000 + Number(minor ?? 0) >= 1035 ? 'snake' : 'Pascal'
}

/** Run history's names for types of data. */
const outputTypes = {
  uri_file: 'UriFile',
  uri_folder: 'UriFolder',
  mltable: 'MLTable',
  mlflow_model: 'MLFlowModel',
  custom_model: 'CustomModel',
  triton_model: 'TritonModel',
} as const

/** Each output with the id by which `batchGetResolvedUris` knows it. */
function runOutputs(job: Job, spelling: Spelling): Json {
  return Object.fromEntries(
    Object.entries(job.status.outputs ?? {}).map(([name, { type }]) => [
      name,
      {
        assetId: `azureml://jobs/${job.name}/outputs/${name}`,
        // Models are in Pascal case for all.
        type: spelling === 'snake' && !type.endsWith('_model') ? type : outputTypes[type],
      },
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
