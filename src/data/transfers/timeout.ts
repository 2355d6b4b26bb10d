import { parseDuration } from '../../kernel/duration.ts'
import { errors } from '../../kernel/errors.ts'

/** A database that is asked for a day does not answer any more. */
const defaultMs = 24 * 3_600_000

/** Milliseconds of `properties.timeout`: seconds, or an ISO 8601 duration; a day where nothing is said. Throws validation. */
export function parseTimeout(given: string | number | null | undefined): number {
  if (given === undefined || given === null) return defaultMs
  const seconds = Number(given)
  const ms = Number.isNaN(seconds) ? parseDuration(String(given)) : seconds * 1000
  if (ms !== undefined && ms >= 1 && ms <= 2 ** 31 - 1) return ms
  throw errors.validation(
    `'${given}' is no time limit: write seconds, or an ISO 8601 duration such as PT30M (24 days at most).`,
    { target: 'properties.timeout' },
  )
}
