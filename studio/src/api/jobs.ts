import { queryOptions } from '@tanstack/react-query'
import { call, respond } from './call.ts'
import { keyOf } from './queries.ts'
import type { Page, Resource } from './resource.ts'

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
  /** What its process took until it ended. */
  readonly usage?: { readonly cpuSeconds: number; readonly peakMemoryBytes: number }
  /** The pipeline of which it takes over what was the same. */
  readonly resumedFrom?: string
  readonly jobs?: Readonly<Record<string, PipelineNode>>
  readonly settings?: Readonly<Record<string, unknown>>
  readonly steps?: Readonly<
    Record<string, { readonly job?: string; readonly state: string; readonly problem?: string }>
  >
  readonly tags?: Readonly<Record<string, string>>
  readonly properties?: Readonly<Record<string, string>>
  /** What a sweep searches for. */
  readonly objective?: { readonly goal?: string; readonly primaryMetric?: string }
  /** What an AutoML job learns, and by which metric. */
  readonly taskDetails?: { readonly primaryMetric?: string }
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

/**
 * Submits the same once more; answers with the new job's name. From its failure on, what the steps of a pipeline have
 * completed is taken over.
 */
export const rerun = async (job: Job, startFromFailure: boolean): Promise<string> =>
  (await call<{ readonly name: string }>(`${job.id}/rerun`, { method: 'POST', body: { startFromFailure } }))
    .name

export const cancel = (job: Job) => respond(`${job.id}/cancel`, { method: 'POST' })

/** The newest jobs, for who wants to know what goes on. */
export const recentJobsQuery = (workspace: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/jobs'] }, 'recent', workspace),
    queryFn: async ({ signal }) =>
      (await call<Page<Job>>(`${workspace}/jobs`, { signal, query: { $top: '100' } })).value,
  })
