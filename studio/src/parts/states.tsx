import { Button, Skeleton } from '@mantine/core'
import { IconAlertCircle, IconLock, IconMoodEmpty, IconPlugConnectedX, IconSearchOff } from './icons.ts'
import type { UseQueryResult } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { ApiError } from '../api/call.ts'
import { Command } from './copy.tsx'
import style from './states.module.css'

/** Nothing yet: what would stand here, and the command that makes the first one. */
export function Empty({
  title,
  children,
  command,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly command?: string
}) {
  return (
    <div className={style.state}>
      <IconMoodEmpty size={28} stroke={1.5} aria-hidden />
      <h2>{title}</h2>
      {children === undefined ? null : <p>{children}</p>}
      {command === undefined ? null : <Command text={command} />}
    </div>
  )
}

/** Nothing that fits the filters. */
export function NoMatch({ onClear }: { readonly onClear: () => void }) {
  return (
    <div className={style.state}>
      <IconSearchOff size={28} stroke={1.5} aria-hidden />
      <h2>Nothing matches</h2>
      <Button variant="default" onClick={onClear}>
        Clear the filters
      </Button>
    </div>
  )
}

/** What failed, in the server's words, with what can be done. */
export function Failure({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  const status = error instanceof ApiError ? error.status : -1
  const requestId = error instanceof ApiError ? error.requestId : ''
  const title =
    status === 0
      ? 'The server is away'
      : status === 403
        ? 'You may not see this'
        : status === 404
          ? 'There is no such thing here'
          : 'This could not be shown'
  const Icon =
    status === 0
      ? IconPlugConnectedX
      : status === 403
        ? IconLock
        : status === 404
          ? IconSearchOff
          : IconAlertCircle
  return (
    <div className={style.state} role="alert">
      <Icon size={28} stroke={1.5} aria-hidden />
      <h2>{title}</h2>
      <p>{error.message}</p>
      {requestId === '' ? null : <p className="mono muted">request {requestId}</p>}
      {onRetry === undefined || status === 403 || status === 404 ? null : (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}

/** Nothing for the first moment, then grey lines as high as what comes. */
export function Loading({ rows = 4 }: { readonly rows?: number }) {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className={style.loading} role="status" aria-label="Loading" style={{ minHeight: rows * 34 }}>
      {isLate ? Array.from({ length: rows }, (_, i) => <Skeleton key={i} height={16} radius={4} />) : null}
    </div>
  )
}

/** A query's answer, or why there is none (yet). What was there before stays while it is read anew. */
export function Answer<T>({
  query,
  children,
  rows,
}: {
  readonly query: UseQueryResult<T>
  readonly children: (data: T) => ReactNode
  readonly rows?: number
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  return <Loading {...(rows === undefined ? {} : { rows })} />
}
