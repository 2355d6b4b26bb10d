import type { Resource } from '../../kernel/resources/resource.ts'
import type { EndpointRoute } from '../gateway/routes/route-table.ts'

/** What the gateway is to count of an endpoint. */
export type WatchOptions = NonNullable<EndpointRoute['watch']>

/** What an endpoint's status keeps of its being watched, and by whom. */
export const keptWatch = ({ status }: Resource) =>
  (status['watch'] ?? undefined) as (WatchOptions & { readonly by?: string }) | undefined

/** What the gateway is told of it: not by whom, since all counts begin anew where what it is told changes. */
export function watchOf(endpoint: Resource): WatchOptions | undefined {
  const kept = keptWatch(endpoint)
  if (kept === undefined) return undefined
  const { slowMs, warmMs } = kept
  return { warmMs, ...(slowMs === undefined ? {} : { slowMs }) }
}
