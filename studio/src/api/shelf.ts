import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { JobProperties } from './jobs.ts'
import { keyOf } from './queries.ts'
import type { Page, Resource } from './resource.ts'
import type { Workspace } from './workspaces.ts'

/** What environments and components say of themselves as containers of versions. */
export interface ShelfProperties {
  readonly description?: string
  readonly latestVersion?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly isArchived?: boolean
}

export interface EnvironmentVersionProperties {
  readonly description?: string
  readonly image?: string
  readonly condaFile?: string
  readonly build?: { readonly contextUri: string; readonly dockerfilePath?: string }
  readonly osType?: string
  readonly isAnonymous?: boolean
  readonly tags?: Readonly<Record<string, string>>
}

export interface Port {
  readonly type: string
  readonly description?: string
  readonly optional?: boolean | string
  readonly default?: unknown
}

export interface ComponentVersionProperties {
  readonly description?: string
  readonly componentSpec: {
    readonly type?: string
    readonly display_name?: string
    readonly description?: string
    readonly command?: string
    readonly code?: string
    readonly environment?: string
    readonly inputs?: Readonly<Record<string, Port>>
    readonly outputs?: Readonly<Record<string, Port>>
    readonly jobs?: Readonly<Record<string, unknown>>
  }
}

/** As many jobs are told of, the newest. */
const most = 20

/** The newest jobs that say a version's id, as their environment or their component; steps of pipelines not among them. */
export const usingJobsQuery = (
  workspace: Workspace,
  field: 'environmentId' | 'componentId',
  version: string,
) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/jobs'] }, 'using', field, version),
    queryFn: async ({ signal }) =>
      (
        await call<Page<Resource<JobProperties>>>(`${workspace.id}/jobs`, {
          signal,
          query: { $filter: `${field} eq '${version.replaceAll("'", "''")}'`, $top: String(most) },
        })
      ).value,
  })
