import { hostname } from 'node:os'
import type { Platform } from '../../kernel/platform.ts'
import type { Line } from '../../kernel/telemetry/series.ts'
import { encodeMetrics } from './encode.ts'

const minuteMs = 60_000
/** What could not be sent is sent later, as long as its minutes are still kept. */
const longestBacklogMs = 24 * 60 * minuteMs
/** Minutes that one request tells of at most. */
const mostMinutes = 60
const timeoutMs = 30_000
/** How long after its end a minute may still be added to: measuring takes a moment. */
const settledMs = 15_000
/** Statuses after which OTLP/HTTP asks a client to try again; whatever else is refused is refused for good. */
const retriable = new Set([429, 502, 503, 504])

/**
 * Sends every full minute of all series to an OpenTelemetry collector (OTLP/HTTP, JSON) once a minute. While the collector
 * is away nothing is lost for a day; what it refuses for good is logged and left. `send` sends now what is due.
 */
export function startExport(platform: Platform): { send(): Promise<void>; stop(): Promise<void> } {
  const stopping = new AbortController()
  let from = floor(platform.clock().getTime())
  let isAway = false

  const sendDue = async () => {
    const until = floor(platform.clock().getTime() - settledMs)
    from = Math.max(from, until - longestBacklogMs)
    while (from < until && !stopping.signal.aborted) {
      const to = Math.min(until, from + mostMinutes * minuteMs)
      if (!(await sendBetween(from, to))) return
      from = to
    }
  }

  /** False: to be tried again. */
  const sendBetween = async (since: number, to: number): Promise<boolean> => {
    const lines = await linesBetween(platform, since, to)
    if (lines.length === 0) return true
    try {
      const response = await fetch(`${platform.config.otlpUrl.replace(/\/$/, '')}/v1/metrics`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headersOf(platform.config.otlpHeaders) },
        body: JSON.stringify(encodeMetrics(lines, { 'service.name': 'twinloop', 'host.name': hostname() })),
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(timeoutMs)]),
      })
      const answer = await response.text()
      if (retriable.has(response.status)) throw new Error(`it answered ${response.status}`)
      if (!response.ok || rejected(answer) !== undefined)
        platform.log.warn('the OpenTelemetry collector refused measurements', {
          status: response.status,
          answer: rejected(answer) ?? answer.slice(0, 500),
        })
      if (isAway) platform.log.info('the OpenTelemetry collector is back', {})
      isAway = false
      return true
    } catch (error) {
      if (!isAway && !stopping.signal.aborted)
        platform.log.warn('the OpenTelemetry collector cannot be reached', { error })
      isAway = true
      return false
    }
  }

  let sending = Promise.resolve()
  const send = () => (sending = sending.then(sendDue))
  const timer = setInterval(() => void send(), minuteMs)
  timer.unref()
  return {
    send,
    async stop() {
      clearInterval(timer)
      stopping.abort()
      await sending
    },
  }
}

const floor = (ms: number): number => Math.floor(ms / minuteMs) * minuteMs

/** All series with their points of these minutes. */
async function linesBetween({ series }: Platform, since: number, to: number): Promise<readonly Line[]> {
  const names = await series.described()
  const found = await Promise.all(
    names.map(({ name }) => series.query({ name, from: new Date(since), to: new Date(to), step: 'minute' })),
  )
  return found.flatMap(({ lines }) => lines)
}

/** `key=value,key=value`, values percent-encoded, as `OTEL_EXPORTER_OTLP_HEADERS` has them. */
const headersOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair.includes('='))
      .map((pair) => {
        const at = pair.indexOf('=')
        return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]
      }),
  )

/** What a collector says that took only a part. */
function rejected(answer: string): string | undefined {
  try {
    const { partialSuccess } = JSON.parse(answer) as {
      partialSuccess?: { rejectedDataPoints?: number | string; errorMessage?: string }
    }
    return Number(partialSuccess?.rejectedDataPoints ?? 0) > 0 ? partialSuccess?.errorMessage : undefined
  } catch {
    return undefined
  }
}
