/** How many instances a deployment may have, and when it gets more or fewer. Times in milliseconds. */
export interface ScaleRules {
  readonly min: number
  readonly max: number
  /** Share of what the instances take at once that is to be in use, in (0, 1]. */
  readonly target: number
  /** Requests that one instance takes at once. */
  readonly concurrency: number
  /** Fewer instances only when this long no more were needed. */
  readonly downAfterMs: number
  /** Where min is 0: none only when nothing was asked for this long. */
  readonly zeroAfterMs: number
}

/** What the gateway says of a deployment's load at a moment. */
export interface LoadSample {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Milliseconds that requests have spent there, summed over requests, since the gateway started. */
  readonly heldMs: number
  /** Requests that wait for an instance now. */
  readonly waiting: number
}

/** What is remembered from one decision to the next; losing it only delays that instances go. */
export interface ScaleMemory {
  readonly sample: LoadSample
  /** When there was last anything to do. */
  readonly busyAt: number
  /** What was needed, and when, within the last `downAfterMs`. */
  readonly needed: readonly { readonly at: number; readonly instances: number }[]
}

/**
 * The number of instances that a deployment should have: so many that the requests under way on average since the last
 * sample, counting those that waited, would use `target` of them. More at once, fewer only when none of the last
 * `downAfterMs` needed them, none only after `zeroAfterMs` without a request.
 */
export function decide(
  rules: ScaleRules,
  current: number,
  sample: LoadSample,
  memory: ScaleMemory | undefined,
): { readonly instances: number; readonly memory: ScaleMemory } {
  const { min, max, target, concurrency, downAfterMs, zeroAfterMs } = rules
  const before = memory ?? { sample, busyAt: sample.at, needed: [{ at: sample.at, instances: current }] }
  const elapsed = sample.at - before.sample.at
  // A gateway that was started again counts from nothing.
  const held = Math.max(sample.heldMs - before.sample.heldMs, 0)
  const underWay = elapsed > 0 ? held / elapsed : 0
  const busy = underWay > 0 || sample.waiting > 0
  const busyAt = busy ? sample.at : before.busyAt
  const resting = min === 0 && !busy && (current === 0 || sample.at - busyAt >= zeroAfterMs)
  const floor = resting ? 0 : Math.max(min, 1)
  const now = Math.min(Math.max(Math.ceil(underWay / (concurrency * target) - 1e-9), floor), max)
  const needed = [...before.needed, { at: sample.at, instances: now }].filter(
    ({ at }) => at > sample.at - downAfterMs,
  )
  const instances = resting ? 0 : Math.min(Math.max(...needed.map((n) => n.instances)), max)
  return { instances, memory: { sample, busyAt, needed } }
}
