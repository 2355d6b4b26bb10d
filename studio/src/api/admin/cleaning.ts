import { queryOptions } from '@tanstack/react-query'
import { call } from '../call.ts'

interface Bytes {
  readonly files: number
  readonly bytes: number
}

/** What nothing on the server's disk needs any more, or has needed. */
export interface Cleaned extends Bytes {
  readonly dryRun: boolean
  /** Bytes without a name that are not a day old. */
  readonly later: Bytes
  readonly deletedPlaces: Bytes & { readonly places: number }
}

export const cleanPath = '/providers/Twinloop/server/clean'

const ask = (dryRun: boolean, signal?: AbortSignal) =>
  call<Cleaned>(cleanPath, { method: 'POST', body: { dryRun }, ...(signal === undefined ? {} : { signal }) })

export const cleanableQuery = queryOptions({
  queryKey: ['cleanable'],
  queryFn: ({ signal }) => ask(true, signal),
  retry: false,
})

export const clean = () => ask(false)
