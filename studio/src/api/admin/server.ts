import { queryOptions } from '@tanstack/react-query'
import { call } from '../call.ts'

export interface ServerState {
  readonly version: string
  readonly node: string
  readonly startedAt: string
  readonly urls: { readonly http: string; readonly https: string; readonly gateway: string }
  readonly store: { readonly kind: 'sqlite' | 'postgres'; readonly bytes: number | null }
  readonly work: {
    readonly due: number
    readonly failing: readonly {
      readonly reconciler: string
      readonly resource: string
      readonly attempts: number
      readonly error: string
      readonly nextAttemptAt: string
    }[]
  }
}

/** What the server is and how its background work stands; it has no events, so it is asked again. */
export const serverQuery = queryOptions({
  queryKey: ['server'],
  queryFn: ({ signal }) => call<ServerState>('/providers/Twinloop/server', { signal }),
  refetchInterval: 15_000,
})
