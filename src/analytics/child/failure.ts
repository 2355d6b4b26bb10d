import { AnalyticsError } from '../analytics.ts'

/** What an error of DuckDB's means: it says so in its first words. */
export function failureOf(error: unknown): AnalyticsError {
  if (error instanceof AnalyticsError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (/^Out of Memory Error/i.test(message)) {
    const isDisk = /max_temp_directory_size|disk/i.test(message)
    return isDisk
      ? new AnalyticsError('disk', 'There is no room on the disk to spill what does not fit into memory.')
      : new AnalyticsError(
          'memory',
          'The question needs more memory than analytics may take (TWINLOOP_ANALYTICS_MEMORY_BYTES), even with what it spills to disk.',
        )
  }
  if (/No space left on device/i.test(message))
    return new AnalyticsError('disk', 'There is no room left on the disk.')
  if (/^Conversion Error|^Invalid Input Error: (?:CSV|Malformed|Could not)/i.test(message))
    return new AnalyticsError('value', message)
  return new AnalyticsError('statement', message)
}
