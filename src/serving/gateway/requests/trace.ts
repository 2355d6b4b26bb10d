import type { IncomingHttpHeaders } from 'node:http'

/** What of the caller's trace goes on to the model: https://www.w3.org/TR/trace-context/ */
export interface Trace {
  readonly traceparent?: string
  readonly tracestate?: string
}

const none: Trace = {}
const traceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/
const longestState = 512

/** The trace context of a request; nothing of one that the recommendation says to disregard. */
export function traceOf(headers: IncomingHttpHeaders): Trace {
  const parent = headers['traceparent']
  if (typeof parent !== 'string' || parent.length > 128 || !traceparent.test(parent)) return none
  const state = headers['tracestate']
  if (typeof state !== 'string' || state.length > longestState) return { traceparent: parent }
  return { traceparent: parent, tracestate: state }
}

/** Trace id of a valid `traceparent`. */
export const traceIdOf = ({ traceparent: parent }: Trace): string | undefined => parent?.slice(3, 35)
