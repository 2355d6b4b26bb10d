import { queryOptions } from '@tanstack/react-query'
import { ApiError, call } from '../call.ts'
import { keyOf } from '../queries.ts'
import type { Resource } from '../resource.ts'
import type { Workspace } from '../workspaces.ts'

/** A routing as it is written, with how the Alertmanagers take what they are told. */
export interface RoutingProperties extends Readonly<Record<string, unknown>> {
  readonly alertmanagerStates?: readonly {
    readonly alertmanager: string
    readonly state?: string
    readonly at?: string
    readonly error?: string
  }[]
}
export type Routing = Resource<RoutingProperties>

export const routingId = (workspace: Workspace) => `${workspace.id}/providers/Twinloop/alertRouting/default`

/** The routing of a workspace; null where nobody has written one. */
export const routingQuery = (workspace: Workspace) =>
  queryOptions({
    queryKey: keyOf({ types: ['alertRouting'] }, 'routing', workspace.id),
    queryFn: async ({ signal }) => {
      try {
        return await call<Routing>(routingId(workspace), { signal })
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
  })
