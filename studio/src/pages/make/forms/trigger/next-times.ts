import { triggerBody } from '../../../../../../src/cli/bodies/schedule.ts'
import type { Trigger } from '../../../../../../src/cli/yaml/shapes/schedule.ts'
import { nextRun, readTrigger } from '../../../../../../src/training/schedules/trigger.ts'

/** When a trigger, as YAML has it, is due next, by the server's own reckoning; or why that cannot be said. */
export function nextTimes(
  trigger: unknown,
  now: Date,
  most = 5,
): { readonly times: readonly Date[]; readonly zone: string } | { readonly problem: string } {
  try {
    const read = readTrigger(triggerBody(trigger as Trigger), now)
    const times: Date[] = []
    for (let after = now; times.length < most;) {
      const next = nextRun(read, after)
      if (next === undefined) break
      times.push(next)
      after = next
    }
    return { times, zone: read.zone }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}
