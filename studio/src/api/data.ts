import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { keyOf } from './queries.ts'
import type { Page, Resource } from './resource.ts'
import type { Workspace } from './workspaces.ts'

export interface DataProperties {
  readonly dataType?: string
  readonly description?: string
  readonly latestVersion?: string
}
export type DataAsset = Resource<DataProperties>

export interface DataVersionProperties {
  readonly description?: string
  readonly dataType?: string
  readonly dataUri?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly origin?: { readonly kind: string; readonly by?: string }
  /** What the contract said: `passed`, `warned`, `failed`. */
  readonly contract?: string
  readonly facts?: {
    readonly state: string
    readonly bytes?: number
    readonly files?: number
    readonly format?: string
    readonly rows?: number
    readonly columns?: readonly { readonly name: string; readonly type: string }[]
  }
}
export type DataVersion = Resource<DataVersionProperties>

/** What one wants to know of data assets beside each other. */
export interface DataSummary {
  readonly name: string
  readonly versions: number
  /** Of all versions together; null where nothing is known of any. */
  readonly bytes: number | null
  readonly latest: {
    readonly version: string
    readonly rows: number | null
    readonly columns: number | null
    readonly bytes: number | null
    readonly createdAt: string
    readonly contract: string | null
  }
  readonly usedBy: {
    readonly jobs: number
    readonly models: number
    readonly endpoints: number
    readonly monitors: number
  }
}

/** Of all data assets of a workspace, by their names: one question, however many there are. */
export const dataSummariesQuery = (workspace: Workspace) =>
  queryOptions({
    queryKey: keyOf(
      {
        types: ['workspaces/data/versions', 'workspaces/onlineEndpoints/deployments', 'workspaces/schedules'],
      },
      'summaries',
      workspace.id,
    ),
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, DataSummary>> => {
      const { value } = await call<{ readonly value: readonly DataSummary[] }>(
        `${workspace.id}/summarizeData`,
        { method: 'POST', body: {}, signal },
      )
      return new Map(value.map((one) => [one.name, one]))
    },
  })

/** Rows as the analytics of the server answer them. */
export interface Rows {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
  readonly truncated: boolean
  readonly notes?: readonly string[]
  readonly elapsedMs?: number
}

export const previewQuery = (version: string, limit: number) =>
  queryOptions({
    queryKey: ['preview', version, limit],
    queryFn: ({ signal }) => call<Rows>(`${version}/preview`, { method: 'POST', body: { limit }, signal }),
    // The bytes of a version never change.
    staleTime: Infinity,
  })

export const ask = (version: string, sql: string) =>
  call<Rows>(`${version}/query`, { method: 'POST', body: { sql, limit: 1000 } })

export interface ProfiledColumn {
  readonly name: string
  readonly storageType: string
  readonly semanticType: string
  readonly missing: { readonly count: number; readonly fraction: number }
  readonly distinct: { readonly count: number; readonly exact: boolean }
  readonly numeric?: {
    readonly min: number
    readonly max: number
    readonly mean: number
    readonly std: number
    readonly quantiles?: { readonly p50: number }
  }
  readonly datetime?: { readonly min: string; readonly max: string }
  readonly histogram?: { readonly edges: readonly number[]; readonly counts: readonly number[] }
  readonly top?: readonly { readonly value: unknown; readonly count: number; readonly fraction: number }[]
}
export interface Profile {
  readonly rows: number
  readonly duplicateRows?: { readonly count?: number } | number
  readonly columns: readonly ProfiledColumn[]
  readonly warnings: readonly {
    readonly code: string
    readonly column?: string
    readonly severity: string
    readonly message: string
  }[]
  readonly createdAt: string
}
interface ProfileResource {
  readonly against?: string | null
  readonly provisioningState: string
  readonly error?: { readonly message: string }
}

/** The profile of a version, if there is one: the newest that is not about a comparison. */
interface Found {
  readonly id: string | null
  readonly state: string | null
  readonly problem: string | null
}

/** Where a profile is as a page that needs nothing else. */
export const reportOf = (profile: string) => `${profile}/report`

export const profileStateQuery = (version: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/data/versions/profiles', 'profiles'], id: version }, 'profile'),
    queryFn: async ({ signal }): Promise<Found> => {
      const { value } = await call<Page<Resource<ProfileResource>>>(
        `${version}/providers/Twinloop/profiles`,
        { signal },
      )
      const own = value.filter(({ properties }) => !properties.against)
      const found = own.find(({ properties }) => properties.provisioningState === 'Succeeded') ?? own[0]
      if (found === undefined) return { id: null, state: null, problem: null }
      const { provisioningState, error } = found.properties
      return { id: found.id, state: provisioningState, problem: error?.message ?? null }
    },
  })

export const profileQuery = (profile: string) =>
  queryOptions({
    queryKey: ['profile-result', profile],
    queryFn: ({ signal }) => call<Profile>(`${profile}/result`, { signal }),
    staleTime: Infinity,
  })

export const makeProfile = (version: string) =>
  call(`${version}/providers/Twinloop/profiles/default`, { method: 'PUT', body: { properties: {} } })

export interface EvaluationProperties {
  readonly version: string
  readonly versionId: string
  readonly outcome: string
  readonly startedAt: string
  readonly rows?: number
  readonly checks?: readonly { readonly name: string; readonly outcome: string; readonly observed?: string }[]
}
export type Evaluation = Resource<EvaluationProperties>

/** What the contracts of a data asset found, newest first. */
export const evaluationsQuery = (workspace: Workspace, data: string) =>
  queryOptions({
    queryKey: keyOf(
      { types: ['dataContracts', 'dataContracts/evaluations'] },
      'evaluations',
      workspace.id,
      data,
    ),
    queryFn: async ({ signal }) => {
      const contracts = await call<Page<Resource<{ data: string }>>>(
        `${workspace.id}/providers/Twinloop/dataContracts`,
        { signal },
      )
      const own = contracts.value.filter(({ properties }) => properties.data === data)
      const pages = await Promise.all(
        own.map(({ id }) => call<Page<Evaluation>>(`${id}/evaluations`, { signal, query: { $top: '200' } })),
      )
      return pages
        .flatMap(({ value }) => value)
        .sort((a, b) => b.properties.startedAt.localeCompare(a.properties.startedAt))
    },
  })
