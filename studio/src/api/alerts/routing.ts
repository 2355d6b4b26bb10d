import { queryOptions } from '@tanstack/react-query'
import { call } from '../call.ts'
import { keyOf } from '../queries.ts'
import type { Page, Resource } from '../resource.ts'
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

const below = (workspace: Workspace) => `${workspace.id}/providers/Twinloop/alertRouting`
export const routingId = (workspace: Workspace) => `${below(workspace)}/default`

/** The routing of a workspace; null where nobody has written one. */
export const routingQuery = (workspace: Workspace) =>
  queryOptions({
    queryKey: keyOf({ types: ['alertRouting'] }, 'routing', workspace.id),
    queryFn: async ({ signal }) =>
      (await call<Page<Routing>>(below(workspace), { signal })).value.find(
        ({ name }) => name === 'default',
      ) ?? null,
  })
