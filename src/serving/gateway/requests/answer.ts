import type { Outcome, Pool } from '../instances/pool.ts'
import { type Failure, failures, modelError } from './failures.ts'

/** A whole answer, before it is written to anybody. */
export interface Answer {
  readonly status: number
  /** Class of the error; '' for an answer that is none. */
  readonly reason: string
  readonly contentType: string
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** The answer to what became of a request: the instance's own words, or the gateway's. */
export function answerOf(outcome: Outcome, pool: Pool): Answer | Failure {
  switch (outcome.kind) {
    case 'reply':
      return replied(outcome)
    case 'timeout':
      return failures.timeout(pool.route.requestTimeoutMs)
    case 'waited':
      return failures.waited(pool.route.queueWaitMs ?? 0)
    case 'overloaded':
      return failures.overloaded(pool.limit)
    case 'crashed':
      return failures.crashed()
    case 'asleep':
      return failures.asleep()
    case 'unready':
      return failures.unready()
  }
}

function replied({ reply }: Extract<Outcome, { kind: 'reply' }>): Answer {
  const { status, contentType, body, milliseconds, failed } = reply
  const timing = { 'x-ms-run-fn-exec-ms': milliseconds.toFixed(3) }
  if (status >= 200 && status < 300) return { status, reason: '', contentType, body, headers: timing }
  const seen = modelError(status, failed === true)
  return {
    status: seen.status,
    reason: seen.status === 424 ? 'model_error' : 'bad_input',
    contentType,
    body,
    headers: { ...timing, ...seen.headers, ...(failed ? { 'x-ms-run-function-failed': 'True' } : {}) },
  }
}
