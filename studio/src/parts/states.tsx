import { Button, Skeleton } from '@mantine/core'
import { IconAlertCircle, IconLock, IconMoodEmpty, IconPlugConnectedX, IconSearchOff } from './icons.ts'
import type { UseQueryResult } from '@tanstack/react-query'
import { use, useEffect, useState, type ReactNode } from 'react'
import { ApiError } from '../api/call.ts'
import { Command } from './copy.tsx'
import { Go } from './go.tsx'
import { InPage } from './page.tsx'
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
  const Heading = use(InPage) ? 'h2' : 'h1'
  return (
    <div className={style.state}>
      <IconMoodEmpty size={28} stroke={1.5} aria-hidden />
      <Heading>{title}</Heading>
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

const kinds = [
  {
    is: 0,
    title: 'The server is away',
    Icon: IconPlugConnectedX,
    advice: 'It is asked again when you press the button; what is on other pages stays as it was.',
  },
  {
    is: 403,
    title: 'You may not see this',
    Icon: IconLock,
    advice: 'An owner of the workspace can give you a role that allows it; tell them the operation above.',
  },
  {
    is: 404,
    title: 'There is no such thing here',
    Icon: IconSearchOff,
    advice:
      'It may have been deleted since the link was made, or be in another workspace. Ctrl K finds things by name.',
  },
] as const

/** What failed, in the server's words, with what can be done: the heading of the page where there is no other. */
export function Failure({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  const isInPage = use(InPage)
  const status = error instanceof ApiError ? error.status : -1
  const requestId = error instanceof ApiError ? error.requestId : ''
  const known = kinds.find(({ is }) => is === status)
  const title = known?.title ?? 'This could not be shown'
  const Icon = known?.Icon ?? IconAlertCircle
  const Heading = isInPage ? 'h2' : 'h1'
  useEffect(() => {
    if (!isInPage) document.title = `${title} · Twinloop`
  }, [isInPage, title])
  const above = location.pathname.replace(/\/[^/]+\/?$/, '')
  return (
    <div className={style.state} role="alert">
      <Icon size={28} stroke={1.5} aria-hidden />
      <Heading>{title}</Heading>
      <p>{error.message}</p>
      {known === undefined ? null : <p className="muted">{known.advice}</p>}
      {requestId === '' ? null : <p className="mono muted">request {requestId}</p>}
      {status === 404 && !isInPage && above.split('/').length > 3 ? (
        <p>
          <Go to={above}>What there is beside it</Go>
        </p>
      ) : null}
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
