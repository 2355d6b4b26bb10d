import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { keyOf } from './queries.ts'
import type { Page, Resource } from './resource.ts'

export interface WorkspaceProperties {
  readonly friendlyName?: string
  readonly description?: string
  readonly isDefault?: boolean
  readonly provisioningState?: string
  /** GUID, by which its containers are called. */
  readonly workspaceId?: string
  readonly mlFlowTrackingUri?: string
}

/** A workspace with the word by which addresses of pages name it. */
export interface Workspace {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly group: string
  readonly title: string
  readonly isDefault: boolean
  readonly mlflow: string
}

/** All workspaces that the caller may see, in all subscriptions. */
export const workspacesQuery = queryOptions({
  queryKey: keyOf({ types: ['workspaces'] }, 'workspaces'),
  queryFn: async ({ signal }) => {
    const subscriptions = await call<Page<{ id: string }>>('/subscriptions', { signal })
    const pages = await Promise.all(
      subscriptions.value.map(({ id }) =>
        call<Page<Resource<WorkspaceProperties>>>(
          `${id}/providers/Microsoft.MachineLearningServices/workspaces`,
          { signal },
        ),
      ),
    )
    return keyed(pages.flatMap(({ value }) => value))
  },
  staleTime: 60_000,
})

/** The name is enough where it is unique; else its resource group and its subscription go before it, with dots. */
export function keyed(all: readonly Resource<WorkspaceProperties>[]): readonly Workspace[] {
  const places = all.map((one) => {
    const [, subscription = '', group = ''] =
      /\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)/i.exec(one.id) ?? []
    return [one.name, `${group}.${one.name}`, `${subscription}.${group}.${one.name}`]
  })
  return all.map((one, i) => {
    const own = places[i] ?? []
    const key =
      own.find((word, length) => places.filter((other) => other[length] === word).length === 1) ?? one.id
    return {
      id: one.id,
      name: one.name,
      key,
      group: /\/resourceGroups\/([^/]+)/i.exec(one.id)?.[1] ?? '',
      title: one.properties.friendlyName ?? one.name,
      isDefault: one.properties.isDefault === true,
      mlflow: `/mlflow/v2.0${one.id}`,
    }
  })
}

export interface Me {
  readonly id: string
  readonly displayName: string
  readonly userType: string
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => call<Me>('/v1.0/me', { signal }),
  staleTime: Infinity,
  retry: false,
})
