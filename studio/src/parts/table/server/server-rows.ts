import { useThrottledCallback } from '@mantine/hooks'
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { ServerSource, Snapshot } from '../../../api/server-source.ts'

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

/** How often the place that is looked at is looked up while somebody scrolls. */
const lookEveryMs = 120
/** Rows that are asked for before they are to be seen. */
const rowsAhead = 25

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

  // Whoever scrolls past a hundred pages does not want them all.
  const seen = useThrottledCallback(
    ([first, last]: readonly [number, number]) =>
      setRange((before) => (before[0] === first && before[1] === last ? before : [first, last])),
    lookEveryMs,
  )
  const onRange = useCallback((first: number, last: number) => seen([first, last]), [seen])
  const size = source.pageSize
  const total = shown?.snapshot.total ?? 0
  const pages = useMemo(() => {
    const until = Math.min(range[1] + rowsAhead, total - 1)
    const [from, to] = [Math.floor(range[0] / size), Math.floor(until / size)]
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
  }, [range, size, total])
  const answers = useQueries({
    queries: shown === undefined ? [] : pages.map((page) => shown.source.page(shown.snapshot, page)),
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
    onRange,
    shownKey: `${shown?.source.key ?? ''} ${shown?.round ?? 0}`,
    retry: useCallback(() => setRound((before) => before + 1), []),
  }
}
