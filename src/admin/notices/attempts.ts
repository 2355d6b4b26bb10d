const [second, minute, hour] = [1000, 60_000, 3_600_000]

/** Pauses after the first, second, … attempt that failed: a day in all, quick at first for what was only a restart. */
const pauses = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
  8 * hour,
]

/** The receiver's own word for how long to wait is followed up to this. */
const longestAskedFor = 8 * hour

/** How an attempt went. `permanent`: the receiver says that it will never take it. */
export type Outcome =
  | { readonly sent: true; readonly answer: string }
  | {
      readonly sent: false
      readonly error: string
      readonly permanent?: boolean
      /** What the receiver asks to wait, in ms. */
      readonly retryAfterMs?: number
    }

/** The pause in ms after the attempt of this number (from 1) has failed; undefined when it is given up. */
export function pauseAfter(attempt: number, outcome: Outcome): number | undefined {
  if (outcome.sent || outcome.permanent === true) return undefined
  const pause = pauses[attempt - 1]
  return pause === undefined
    ? undefined
    : Math.max(pause, Math.min(outcome.retryAfterMs ?? 0, longestAskedFor))
}
