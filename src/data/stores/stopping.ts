import type { Readable } from 'node:stream'

/** The stream, which ends with the signal's reason once that is aborted. */
export function stopping(stream: Readable, signal: AbortSignal): Readable {
  const stop = () => stream.destroy(signal.reason as Error)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  stream.once('close', () => signal.removeEventListener('abort', stop))
  return stream
}
