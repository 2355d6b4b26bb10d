/** What could not be reached, though it may be later: how often in a row, why, and when it is tried again (ISO time). */
export interface Lost {
  readonly times: number
  readonly message: string
  readonly retryAt: string
}

/** What is lost so often in a row is not tried again: 1, 2, 4, … seconds add up to about four minutes. */
const mostLost = 8

/**
 * The record of one more failure, with the milliseconds until the next try; only the message, with how often it was tried,
 * once that was often enough.
 */
export function lostAgain(
  before: Lost | null | undefined,
  message: string,
  now: Date,
): { readonly lost: Lost; readonly again: number } | { readonly gaveUp: string } {
  const times = (before?.times ?? 0) + 1
  if (times > mostLost) return { gaveUp: `${message} It was tried ${times} times.` }
  const again = 1000 * 2 ** (times - 1)
  return { lost: { times, message, retryAt: new Date(now.getTime() + again).toISOString() }, again }
}

/** How many milliseconds are left until what was lost is to be tried again. */
export const waitOf = (lost: Lost | null | undefined, now: Date): number =>
  lost === null || lost === undefined ? 0 : Math.max(0, Date.parse(lost.retryAt) - now.getTime())
