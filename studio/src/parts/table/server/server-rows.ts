import { useQueries, useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'

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

export interface ServerRows<T> {
  /** Undefined until the first answer. */
  readonly total: number | undefined
  readonly rowAt: (index: number) => T | undefined
  readonly error: Error | null
  /** Another filter or order is being asked for, and the rows of the former one are shown. */
  readonly isStale: boolean
  readonly isFetching: boolean
  /** How many rows have come since the list was first looked at. */
  readonly news: number
  readonly showNews: () => void
  readonly onRange: (first: number, last: number) => void
  /** Different whenever another list is shown. */
  readonly shownKey: string
  readonly retry: () => void
}

/**
 * Rows of a list that stays on the server, page by page, where they are looked at. Another filter or order is shown when
 * its first page is there; until then the rows stay.
 */
export function useServerRows<T>(source: ServerSource<T>): ServerRows<T> {
  const queries = useQueryClient()
  const [round, setRound] = useState(0)
  const [shown, setShown] = useState<{ source: ServerSource<T>; snapshot: Snapshot; round: number }>()
  const [error, setError] = useState<Error | null>(null)
  const [range, setRange] = useState<readonly [number, number]>([0, 0])

  useEffect(() => {
    let isGone = false
    const open = async () => {
      try {
        const snapshot = await queries.fetchQuery({ ...source.snapshot(), staleTime: 0 })
        if (snapshot.total > 0) await queries.fetchQuery({ ...source.page(snapshot, 0), staleTime: 0 })
        if (isGone) return
        setShown({ source, snapshot, round })
        setRange([0, 0])
        setError(null)
      } catch (problem) {
        if (!isGone) setError(problem as Error)
      }
    }
    void open()
    return () => {
      isGone = true
    }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key says all that differs
  }, [queries, source.key, round])

  const size = source.pageSize
  const pages = useMemo(() => {
    const [from, to] = [Math.floor(range[0] / size), Math.floor(range[1] / size)]
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  }, [range, size])
  const isEmpty = shown === undefined || shown.snapshot.total === 0
  const answers = useQueries({
    queries:
      shown === undefined || isEmpty ? [] : pages.map((page) => shown.source.page(shown.snapshot, page)),
  })
  const news = useQuery({
    ...(shown === undefined
      ? { queryKey: ['no news'], queryFn: async () => 0 }
      : shown.source.news(shown.snapshot)),
    enabled: shown !== undefined,
  })
  const rowAt = (index: number) => answers[Math.floor(index / size) - (pages[0] ?? 0)]?.data?.[index % size]
  const failed = answers.find((answer) => answer.error !== null)?.error
  const isStale = shown !== undefined && (shown.source.key !== source.key || shown.round !== round)
  return {
    total: shown?.snapshot.total,
    rowAt,
    error: error ?? failed ?? null,
    isStale: isStale && error === null,
    isFetching: isStale || answers.some(({ isFetching }) => isFetching),
    news: news.data ?? 0,
    showNews: useCallback(() => setRound((before) => before + 1), []),
    onRange: useCallback(
      (first: number, last: number) =>
        setRange((before) => (before[0] === first && before[1] === last ? before : [first, last])),
      [],
    ),
    shownKey: `${shown?.source.key ?? ''} ${shown?.round ?? 0}`,
    retry: useCallback(() => setRound((before) => before + 1), []),
  }
}
