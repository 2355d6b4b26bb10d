import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { keyOf } from './queries.ts'
import type { Page, Resource } from './resource.ts'

export interface BatchEndpointProperties {
  readonly description?: string
  readonly provisioningState: string
  readonly scoringUri?: string
  readonly defaults?: { readonly deploymentName?: string }
}
export type BatchEndpoint = Resource<BatchEndpointProperties>

export interface BatchDeploymentProperties {
  readonly description?: string
  readonly model?: { readonly assetId?: string }
  readonly deploymentConfiguration?: { readonly componentId?: { readonly assetId?: string } }
  readonly provisioningState: string
  readonly error?: { readonly message: string } | null
  readonly runtime?: string
  readonly outputFileName?: string
  readonly miniBatchSize?: number
  readonly maxConcurrencyPerInstance?: number
}
export type BatchDeployment = Resource<BatchDeploymentProperties>

/** An invocation, as Azure's clients read it; its name is that of the job that does it. */
export interface BatchJob {
  readonly name: string
  readonly properties: {
    readonly status: string
    readonly batchDeployment?: string
    readonly inputData?: Readonly<Record<string, { readonly uri?: string; readonly value?: string }>>
    readonly startTime: string | null
    readonly endTime: string | null
  }
  readonly systemData: { readonly createdAt: string; readonly createdBy: string }
}

/** Jobs of an endpoint, the newest first; where Azure's SDK looks for them. */
export const batchJobsQuery = (endpoint: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/jobs'] }, 'batch-jobs', endpoint),
    queryFn: async ({ signal }) =>
      (await call<Page<BatchJob>>(`/mferp/managementfrontend${endpoint}/jobs`, { signal })).value,
  })

/** Has data scored: a version of a data asset or a path of a datastore. Answers with the job's name. */
export const invokeBatch = async (
  endpoint: string,
  {
    uri,
    isFile,
    deployment,
  }: { readonly uri: string; readonly isFile: boolean; readonly deployment: string },
): Promise<string> => {
  const { name } = await call<{ name: string }>(`${endpoint}/invoke`, {
    method: 'POST',
    body: {
      properties: {
        deployment,
        inputData: { input: { jobInputType: isFile ? 'uri_file' : 'uri_folder', uri } },
      },
    },
  })
  return name
}

export const setDefaultDeployment = (endpoint: string, deployment: string) =>
  call<BatchEndpoint>(endpoint, {
    method: 'PATCH',
    body: { properties: { defaults: { deploymentName: deployment } } },
  })
