import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { keyOf } from './queries.ts'

export interface LineageNode {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly version?: string
  readonly displayName?: string
  readonly state?: string
  readonly pipeline?: string
  readonly endpoint?: string
}
export interface LineageAnswer {
  readonly root: string
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    readonly kind: string
    readonly name?: string
  }[]
  readonly truncated?: boolean
  /** How many there are that the caller may not see. */
  readonly withheld?: number
}

/** What a thing came of, and what came of it. */
export const lineageQuery = (id: string) =>
  queryOptions({
    queryKey: keyOf(
      { types: ['workspaces/jobs', 'workspaces/models/versions', 'workspaces/onlineEndpoints/deployments'] },
      'lineage',
      id,
    ),
    queryFn: ({ signal }) =>
      call<LineageAnswer>(`${id}/lineage`, { method: 'POST', body: { direction: 'both' }, signal }),
  })
