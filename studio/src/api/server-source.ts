import type { QueryKey } from '@tanstack/react-query'

/** What a list was when it was first looked at: what is added later does not push the rows that are looked at away. */
export interface Snapshot {
  readonly total: number
  /** The newest row's time; rows after it are news. Undefined for an empty list. */
  readonly until: string | undefined
}

interface Read<T> {
  readonly queryKey: QueryKey
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<T>
  readonly refetchInterval?: number
}

/** A list that stays on the server, in one filter and order. `key` is different for every filter and order. */
export interface ServerSource<T> {
  readonly key: string
  readonly pageSize: number
  readonly snapshot: () => Read<Snapshot>
  /** Rows from `page * pageSize` on, of those up to the snapshot. */
  readonly page: (snapshot: Snapshot, page: number) => Read<readonly T[]>
  /** How many have come since. */
  readonly news: (snapshot: Snapshot) => Read<number>
}

/** A column to order by. */
export interface ListOrder {
  readonly column: string
  readonly descending: boolean
}
