import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { registriesQuery, type Model } from './models.ts'
import { keyOf } from './queries.ts'
import type { Page } from './resource.ts'
import type { Workspace } from './workspaces.ts'

/** More registries than these are not looked into, one by one. */
const most = 5

/** What registries share with all workspaces, as far as one may read them. */
export interface Shared {
  readonly registries: number
  readonly models: number
}

export const sharedQuery = (workspace: Workspace) =>
  queryOptions({
    queryKey: keyOf({ types: ['registries', 'registries/models', 'registries/models/versions'] }, 'shared'),
    queryFn: async ({ client, signal }): Promise<Shared> => {
      const registries = await client.ensureQueryData(registriesQuery(workspace)).catch(() => [])
      // One that may not be read has nothing for who asks.
      const pages = await Promise.allSettled(
        registries.slice(0, most).map(({ id }) => call<Page<Model>>(`${id}/models`, { signal })),
      )
      const counts = pages.map((page) => (page.status === 'fulfilled' ? page.value.value.length : 0))
      return { registries: registries.length, models: counts.reduce((sum, count) => sum + count, 0) }
    },
  })
