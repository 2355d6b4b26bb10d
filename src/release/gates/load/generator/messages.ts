/** What the process that sends the load is told, as one line of JSON at its standard input. */
export interface Order {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Headers of each arm beside. */
  readonly arms: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly bodies: readonly string[]
  /** When each request is due, in ms from the beginning, ascending; whose it is; and which body. */
  readonly due: readonly (readonly [at: number, arm: string, body: number])[]
  readonly timeoutMs: number
  /** More requests than these are not under way at once: what would be is not sent. */
  readonly mostOpen: number
}

/** What it says at its standard output when all have been answered: of each request, in the order of `due`. */
export interface Report {
  /** When it was sent, in ms from the beginning; null if it was not. */
  readonly sent: readonly (number | null)[]
  /** When its answer was read to the end; null without one. */
  readonly answered: readonly (number | null)[]
  /** 0 without an answer. */
  readonly status: readonly number[]
  /** The first answer of each arm to each body, by `{arm}/{body}`. */
  readonly answers: Readonly<Record<string, string>>
  /** What went wrong, with how often. */
  readonly problems: Readonly<Record<string, number>>
}
