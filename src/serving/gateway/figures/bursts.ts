/** What is counted apart from requests: a failure of the model, a refused request, one that was slow. */
export const events = ['errors', 'refused', 'slow'] as const
export type EventKind = (typeof events)[number]

/** Callers that are told apart within a second; what comes beyond is one caller. */
const mostCallers = 10_000

/**
 * Makes one event of the many that a caller has within a second, for a test of independent events. Which of them stands
 * for all is drawn, each with the same chance: so its arm is a canary's with the chance that the canary's requests give,
 * which the first or the last of them, where traffic is split in turns, would not be.
 */
export function createBursts(random: () => number) {
  const open = new Map<string, { count: number; arm: string; readonly kind: EventKind }>()

  return {
    note(kind: EventKind, caller: string, arm: string): void {
      const known = `${kind} ${caller}`
      const key = open.size < mostCallers || open.has(known) ? known : kind
      const burst = open.get(key)
      if (burst === undefined) open.set(key, { count: 1, arm, kind })
      else if (random() < 1 / ++burst.count) burst.arm = arm
    },
    /** Ends the second: tells of each burst once, and forgets them. */
    settle(tell: (kind: EventKind, arm: string) => void): void {
      for (const { kind, arm } of open.values()) tell(kind, arm)
      open.clear()
    },
  }
}

export type Bursts = ReturnType<typeof createBursts>
