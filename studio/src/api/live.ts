import type { QueryClient } from '@tanstack/react-query'
import { addressOf } from './call.ts'
import { concerns } from './queries.ts'

/** News come in bursts; queries are told once per this many milliseconds. */
const batchMs = 500

export type LiveState = 'connecting' | 'live' | 'away'

interface Told {
  readonly data?: { readonly resourceUri?: string; readonly resourceType?: string }
}

/**
 * Follows a workspace's event stream and has the queries read anew that an event concerns. While the tab is hidden the
 * stream is closed (browsers allow few connections to one server), and it goes on from the last event afterwards.
 * Returns what ends it.
 */
export function follow(
  workspace: string,
  queries: QueryClient,
  onState: (state: LiveState) => void,
): () => void {
  const changed = new Map<string, { readonly type: string; readonly id: string }>()
  let source: EventSource | undefined
  let last: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let missed = false

  const flush = () => {
    timer = undefined
    const all = [...changed.values()]
    changed.clear()
    void queries.invalidateQueries({
      predicate: ({ queryKey }) => all.some(({ type, id }) => concerns(queryKey, type, id)),
    })
  }
  const hear = (event: MessageEvent<string>) => {
    last = event.lastEventId
    const { resourceUri, resourceType } = (JSON.parse(event.data) as Told).data ?? {}
    if (resourceUri === undefined || resourceType === undefined) return
    changed.set(resourceUri, { type: withoutProvider(resourceType), id: resourceUri })
    timer ??= setTimeout(flush, batchMs)
  }

  const open = () => {
    clearTimeout(retry)
    source = new EventSource(
      addressOf(`${workspace}/providers/Twinloop/events`, last === undefined ? {} : { after: last }),
    )
    source.addEventListener('open', () => {
      onState('live')
      // Without a position there is no telling what happened in between.
      if (missed) void queries.invalidateQueries()
      missed = false
    })
    source.addEventListener('error', () => {
      missed = true
      onState('away')
      if (source?.readyState !== EventSource.CLOSED) return
      retry = setTimeout(open, 5000)
    })
    for (const type of told) source.addEventListener(type, hear)
  }
  const close = () => {
    clearTimeout(retry)
    source?.close()
    source = undefined
  }
  const onVisibility = () => {
    if (document.visibilityState === 'hidden') close()
    else if (source === undefined) {
      if (last === undefined) missed = true
      open()
    }
  }

  onState('connecting')
  if (document.visibilityState === 'visible') open()
  document.addEventListener('visibilitychange', onVisibility)
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    clearTimeout(timer)
    close()
  }
}

/** Events that say which resource changed; others are told along with these. */
const told = [
  'Microsoft.Resources.ResourceWriteSuccess',
  'Microsoft.Resources.ResourceDeleteSuccess',
  'Twinloop.ResourceStatusChanged',
]

const withoutProvider = (type: string) => type.replace(/^[^/]*\.[^/]*\/|^Twinloop\//i, '')
