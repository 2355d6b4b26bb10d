/** A step of a pipeline and the steps whose outputs it takes. */
export interface GraphStep {
  readonly name: string
  readonly needs: readonly string[]
}

/** How a step stands; `skipped` is one that will never start because something before it did not complete. */
export type StepState = 'waiting' | 'active' | 'completed' | 'failed' | 'canceled' | 'skipped'

export interface Decision {
  /** Steps to start now, in the order in which they were declared. */
  readonly start: readonly string[]
  /** Steps that will never start. */
  readonly skip: readonly string[]
  /** Active steps to be stopped, each time anew until they have stopped. */
  readonly cancel: readonly string[]
  /** What the pipeline has come to; undefined while something is active or can still start. */
  readonly outcome: 'completed' | 'failed' | 'canceled' | undefined
}

/**
 * What to do next. A step starts when all that it needs has completed. After a failure, steps that need the failed
 * one never start; with `continueOnStepFailure` the others go on, without it nothing new starts and what is active is
 * stopped. Once `canceling`, likewise. Steps that are absent from `states` are waiting.
 */
export function decide(
  steps: readonly GraphStep[],
  states: ReadonlyMap<string, StepState>,
  policy: { readonly continueOnStepFailure: boolean; readonly canceling?: boolean },
): Decision {
  const now = new Map<string, StepState>(steps.map((s) => [s.name, states.get(s.name) ?? 'waiting']))
  const has = (state: StepState) => [...now.values()].includes(state)
  const halted =
    policy.canceling === true || (!policy.continueOnStepFailure && (has('failed') || has('canceled')))
  const skip: string[] = []
  // A skipped step may doom others that were declared before it, so look until nothing changes.
  for (let before = -1; before !== skip.length;) {
    before = skip.length
    for (const step of steps) {
      if (now.get(step.name) !== 'waiting') continue
      if (!halted && !step.needs.some((n) => isDoomed(now.get(n)))) continue
      now.set(step.name, 'skipped')
      skip.push(step.name)
    }
  }
  const start = steps
    .filter((s) => now.get(s.name) === 'waiting' && s.needs.every((n) => now.get(n) === 'completed'))
    .map((s) => s.name)
  const cancel = halted ? steps.filter((s) => now.get(s.name) === 'active').map((s) => s.name) : []
  return { start, skip, cancel, outcome: outcome([...now.values()], policy.canceling === true) }
}

const isDoomed = (state: StepState | undefined) =>
  state === 'failed' || state === 'canceled' || state === 'skipped'

function outcome(states: readonly StepState[], canceling: boolean): Decision['outcome'] {
  if (states.includes('waiting') || states.includes('active')) return undefined
  if (states.every((s) => s === 'completed')) return 'completed'
  if (canceling) return 'canceled'
  return states.includes('failed') || !states.includes('canceled') ? 'failed' : 'canceled'
}

/** A cycle as the names along it, the first one again at the end (`a`, `b`, `a`); undefined if there is none. */
export function findCycle(steps: readonly GraphStep[]): readonly string[] | undefined {
  const needs = new Map(steps.map((s) => [s.name, s.needs]))
  const done = new Set<string>()
  const path: string[] = []
  const visit = (name: string): readonly string[] | undefined => {
    if (done.has(name)) return undefined
    const at = path.indexOf(name)
    if (at >= 0) return [...path.slice(at), name]
    path.push(name)
    for (const need of needs.get(name) ?? []) {
      const cycle = visit(need)
      if (cycle) return cycle
    }
    path.pop()
    done.add(name)
    return undefined
  }
  for (const step of steps) {
    const cycle = visit(step.name)
    // Told in the order in which data would flow: each step gives to the next.
    if (cycle) return cycle.toReversed()
  }
  return undefined
}
