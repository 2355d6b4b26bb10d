import { errors } from '../../kernel/errors.ts'
import { json, number, scalar } from '../wire.ts'
import { parseDuration } from './durations.ts'

/** Seconds after which a job is ended, or undefined. Throws a UserError for what is no duration. */
export function checkLimits(limits: unknown): number | undefined {
  const given = json(limits)?.['timeout']
  if (given === null || given === undefined) return undefined
  const seconds = parseDuration(given)
  if (seconds === undefined || seconds === 0)
    throw errors.validation(
      `'${scalar(given) ?? JSON.stringify(given)}' is no time limit: write seconds, or an ISO 8601 duration such as PT1H30M.`,
      { target: 'properties.limits.timeout' },
    )
  return seconds
}

/** Restarts that nobody needs more of: what is lost ten times has another fault. */
const mostRestarts = 10

/**
 * How often a command whose process is lost (killed, or gone with its machine) is started again: `limits.max_restarts`,
 * which is Twinloop's own. Its outputs folder is then as the lost process left it, so that it can go on from there.
 */
export function maxRestarts(limits: unknown): number {
  const given = json(limits)
  return Math.min(number(given?.['max_restarts'] ?? given?.['maxRestarts']) ?? 0, mostRestarts)
}
