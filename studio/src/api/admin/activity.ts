import { infiniteQueryOptions } from '@tanstack/react-query'
import { call } from '../call.ts'
import type { Page } from '../resource.ts'

/** An entry of the activity log, as far as it is shown. */
export interface Activity {
  readonly id: string
  readonly eventTimestamp: string
  readonly caller: string
  readonly claims: { readonly oid: string }
  readonly operationName: { readonly value: string }
  readonly resourceId: string
  readonly correlationId: string
  readonly properties: { readonly detail: string }
}

export interface ActivityFilter {
  readonly caller?: string | undefined
  readonly operation?: string | undefined
  readonly resource?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Azure's `$filter` of the activity log; what is empty is not asked for. */
export const activityFilter = ({ caller, operation, resource, from, to }: ActivityFilter): string =>
  [
    ['eventTimestamp ge', from],
    ['eventTimestamp le', to],
    ['caller eq', caller],
    ['operations eq', operation],
    ['resourceUri eq', resource],
  ]
    .flatMap(([what, value]) =>
      value === undefined || value === '' ? [] : [`${what} '${value.replaceAll("'", "''")}'`],
    )
    .join(' and ')

/** Where the log is read: of a subscription, or ('') of the whole server. */
export const activityPath = (subscription: string) =>
  `${subscription}/providers/Microsoft.Insights/eventtypes/management/values`

export const activityPageSize = 200

/** Who wrote what, newest first, page by page. */
export const activityQuery = (subscription: string, filter: ActivityFilter) =>
  infiniteQueryOptions({
    queryKey: ['activity', subscription, filter],
    queryFn: ({ signal, pageParam }) =>
      call<Page<Activity>>(activityPath(subscription), {
        signal,
        query: {
          $filter: activityFilter(filter) || undefined,
          $top: String(activityPageSize),
          $skipToken: pageParam || undefined,
        },
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextLink }) =>
      nextLink === undefined ? undefined : (new URL(nextLink).searchParams.get('$skipToken') ?? undefined),
    refetchInterval: 30_000,
  })
