import { queryOptions } from '@tanstack/react-query'
import { call, respond } from './call.ts'
import { keyOf } from './queries.ts'
import type { Page, Resource } from './resource.ts'
import type { Workspace } from './workspaces.ts'

export interface JobInput {
  readonly jobInputType?: string
  readonly uri?: string
  readonly value?: string
  readonly mode?: string
}
export interface JobOutput {
  readonly jobOutputType?: string
  readonly uri?: string
  readonly assetName?: string
}

/** A node of a pipeline as it was asked for. */
export interface PipelineNode {
  readonly type?: string
  readonly inputs?: Readonly<Record<string, unknown>>
}

export interface JobProperties {
  readonly jobType: string
  readonly displayName?: string
  readonly description?: string
  readonly experimentName?: string
  readonly status: string
  readonly startTime?: string
  readonly endTime?: string
  readonly error?: { readonly code: string; readonly message: string }
  readonly warnings?: readonly string[]
  readonly inputs?: Readonly<Record<string, JobInput>>
  readonly outputs?: Readonly<Record<string, JobOutput>>
  readonly command?: string
  readonly codeId?: string
  readonly environmentId?: string
  readonly environmentVariables?: Readonly<Record<string, string>>
  readonly computeId?: string
  readonly componentId?: string
  readonly parentJobName?: string
  readonly stepName?: string
  readonly reusedFrom?: string
  readonly jobs?: Readonly<Record<string, PipelineNode>>
  readonly settings?: Readonly<Record<string, unknown>>
  readonly steps?: Readonly<
    Record<string, { readonly job?: string; readonly state: string; readonly problem?: string }>
  >
  readonly tags?: Readonly<Record<string, string>>
  readonly properties?: Readonly<Record<string, string>>
}
export type Job = Resource<JobProperties>

const ended = ['Completed', 'Failed', 'Canceled']
export const hasEnded = (status: string): boolean => ended.includes(status)

/** The steps of a pipeline. */
export const stepsQuery = (workspace: string, name: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/jobs'] }, 'steps', workspace, name),
    queryFn: async ({ signal }) =>
      (await call<Page<Job>>(`${workspace}/jobs`, { signal, query: { parentJobName: name, $top: '1000' } }))
        .value,
  })

/** The logs that a job has now, by name, with addresses that hold for an hour. */
export const logsQuery = (workspace: string, name: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/jobs'], id: `${workspace}/jobs/${name}` }, 'logs'),
    queryFn: async ({ signal }) => {
      const { logFiles } = await call<{ logFiles: Readonly<Record<string, string>> }>(
        `/history/v1.0${workspace}/runs/${name}/details`,
        { signal },
      )
      return Object.entries(logFiles).map(([file, url]) => ({ file, url }))
    },
    staleTime: 0,
  })

/**
 * A log from byte `start` on; undefined while there is no more. The address is the server's own, so only its path counts:
 * whoever looks may have come by another name of the server.
 */
export async function readLog(
  url: string,
  start: number,
  signal: AbortSignal,
): Promise<ArrayBuffer | undefined> {
  const { pathname, search } = new URL(url)
  const response = await fetch(`${pathname}${search}`, { headers: { range: `bytes=${start}-` }, signal })
  if (response.status === 416 || response.status === 404) return undefined
  if (!response.ok) throw new Error(`The log could not be read: the server answered ${response.status}.`)
  return response.arrayBuffer()
}

/** Output folders that the platform chose for the run before are not for the run to come. */
const ofRun = /\/paths\/azureml\//

/** A job as it is asked for, whether or not there was one. */
export interface JobDefinition {
  readonly name: string
  readonly properties: Omit<JobProperties, 'status'>
}

/** What has to be asked for to run the same again, under a new name. */
export function again(job: JobDefinition): {
  readonly name: string
  readonly body: { readonly properties: object }
} {
  const { properties: p } = job
  const outputs = Object.fromEntries(
    Object.entries(p.outputs ?? {}).map(([name, { uri, ...output }]) => [
      name,
      uri === undefined || ofRun.test(uri) ? output : { ...output, uri },
    ]),
  )
  const kept = {
    jobType: p.jobType,
    displayName: p.displayName,
    description: p.description,
    experimentName: p.experimentName,
    inputs: p.inputs,
    outputs,
    computeId: p.computeId,
    componentId: p.componentId,
    command: p.command,
    codeId: p.codeId,
    environmentId: p.environmentId,
    environmentVariables: p.environmentVariables,
    jobs: p.jobs,
    settings: p.settings,
    tags: p.tags,
  }
  const stem =
    (p.displayName ?? job.name)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 40) || 'job'
  const properties = Object.fromEntries(
    Object.entries(kept).filter(([, value]) => value !== undefined && value !== null),
  )
  return { name: `${stem}_${crypto.randomUUID().replaceAll('-', '').slice(0, 10)}`, body: { properties } }
}

export const rerun = async (workspace: Workspace, job: JobDefinition): Promise<string> => {
  const { name, body } = again(job)
  await call(`${workspace.id}/jobs/${name}`, { method: 'PUT', body })
  return name
}

export const cancel = (job: Job) => respond(`${job.id}/cancel`, { method: 'POST' })

/** The newest jobs, for who wants to know what goes on. */
export const recentJobsQuery = (workspace: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/jobs'] }, 'recent', workspace),
    queryFn: async ({ signal }) =>
      (await call<Page<Job>>(`${workspace}/jobs`, { signal, query: { $top: '100' } })).value,
  })
