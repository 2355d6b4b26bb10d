import type { ScoringRequest } from '../instances/instance.ts'
import type { Outcome, Pool } from '../instances/pool.ts'

/** Bytes of mirrored requests that are held at most; what comes beyond is dropped. */
const budgetBytes = 32 * 1024 * 1024

/**
 * Has copies of requests scored by deployments whose answers nobody gets. A copy begins when its caller has been
 * answered, takes only room that its own deployment has left, and is dropped rather than kept when there is none.
 */
export function createMirror(budget = budgetBytes) {
  let held = 0

  /** Calls `settle` once: with what became of the copy, or with `dropped`. */
  return function copy(
    pool: Pool,
    request: ScoringRequest,
    settle: (outcome: Outcome | 'dropped') => void,
  ): void {
    if (pool.refusal || held + request.body.length > budget) return settle('dropped')
    held += request.body.length
    pool.submit({ ...request, abandoned: false }, (outcome) => {
      held -= request.body.length
      settle(outcome)
    })
  }
}
