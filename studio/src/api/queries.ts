import { queryOptions, type QueryKey } from '@tanstack/react-query'
import { call } from './call.ts'
import type { Page, Resource } from './resource.ts'

/** What a query shows, so that news of the server can be brought to those that they concern. */
export interface Watched {
  /** Kinds of resources, as events name them: `workspaces/jobs`. */
  readonly types: readonly string[]
  /** Id of the one that it is about; all of the kinds otherwise. */
  readonly id?: string
}

/** A query key that says what it shows. */
export const keyOf = (watched: Watched, ...rest: readonly unknown[]): QueryKey => ['arm', watched, ...rest]

/** Kind of the resource at an id: `workspaces/jobs`, `releasePlans/releases`. */
export function typeOf(id: string): string {
  const words = id.replace(/^.*\/providers\/[^/]+\//i, '').split('/')
  return words.filter((_, i) => i % 2 === 0).join('/')
}

/** One resource. It is read anew when an event tells of it. */
export const resourceQuery = <P>(id: string) =>
  queryOptions({
    queryKey: keyOf({ types: [typeOf(id)], id }, 'resource'),
    queryFn: ({ signal }) => call<Resource<P>>(id, { signal }),
  })

const pageSize = 1000
/** A list longer than this is shown up to here, and says so. */
export const mostRows = 20_000

/** All resources of a kind below a parent, page by page. `query` is the list's own filter. */
export const listQuery = <P>(path: string, query: Readonly<Record<string, string>> = {}) =>
  queryOptions({
    queryKey: keyOf({ types: [typeOf(`${path}/x`)] }, 'list', path.toLowerCase(), query),
    queryFn: async ({ signal }) => {
      const all: Resource<P>[] = []
      for (let more = true; more && all.length < mostRows;) {
        const page = await call<Page<Resource<P>>>(path, {
          signal,
          query: { ...query, $top: String(pageSize), $skip: String(all.length) },
        })
        all.push(...page.value)
        more = page.nextLink !== undefined && page.value.length > 0
      }
      return all
    },
  })

/** True if an event about `eventId` of `eventType` may have changed what the query shows. */
export function concerns(key: QueryKey, eventType: string, eventId: string): boolean {
  const [kind, watched] = key as readonly [unknown, Watched | undefined]
  if (kind !== 'arm' || watched === undefined) return false
  const type = eventType.toLowerCase()
  if (!watched.types.some((one) => one.toLowerCase() === type)) return false
  if (watched.id === undefined) return true
  const own = watched.id.toLowerCase()
  const theirs = eventId.toLowerCase()
  return own === theirs || own.startsWith(`${theirs}/`) || theirs.startsWith(`${own}/`)
}
