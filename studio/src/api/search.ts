import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { Workspace } from './workspaces.ts'

/** What a search has found. */
export interface Found {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly properties: {
    readonly displayName?: string | null
    readonly description?: string | null
    /** Of a schedule: what it does. */
    readonly actionType?: string | null
  }
}

/** What has all words of the text in its name, of every kind that one may see; what was found before stays meanwhile. */
export const searchQuery = (workspace: Workspace, text: string) =>
  queryOptions({
    queryKey: ['search', workspace.id, text],
    queryFn: async ({ signal }) =>
      (
        await call<{ value: readonly Found[] }>(`${workspace.id}/search`, {
          method: 'POST',
          body: { text, top: 6 },
          signal,
        })
      ).value,
    enabled: text !== '',
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  })
