import type { Platform } from '../../../kernel/platform.ts'
import { gateOf } from '../../plan/check.ts'
import { gates } from '../../gates/gates.ts'
import { changeRelease } from '../change.ts'
import { gateContext } from '../gate-context.ts'
import type { GateRecord, Leftover, Release } from '../release.ts'
import type { Stepped } from './context.ts'

const tryAgainMs = 30_000

/** What attempts that have ended leave to be removed: those of gates that make more than jobs. */
export const leftBy = (stage: string, attempts: readonly GateRecord[]): readonly Leftover[] =>
  attempts
    .filter(({ gate }) => gates.some((kind) => kind.name === gate && kind.tidy !== undefined))
    .map(({ name, attempt, working }) => ({
      stage,
      gate: name,
      attempt,
      ...(working === undefined ? {} : { working }),
    }))

/** Has gates remove what their ended attempts have left. One that cannot is asked again later, and is in nobody's way. */
export async function tidyLeftovers(
  platform: Platform,
  release: Release,
  signal: AbortSignal,
): Promise<Stepped> {
  const left = release.status.leftovers ?? []
  let failed = false
  for (const leftover of left)
    try {
      await tidy(platform, release, leftover, signal)
      await changeRelease(platform, release.key, ({ status }) => ({
        state: { leftovers: (status.leftovers ?? []).filter((other) => !isSame(other, leftover)) },
      }))
    } catch (error) {
      if (signal.aborted) throw error
      failed = true
      platform.log.warn('a gate could not tidy up; it is asked again', {
        release: release.key,
        gate: leftover.gate,
        error,
      })
    }
  if (failed) return { again: tryAgainMs }
}

const isSame = (a: Leftover, b: Leftover) =>
  a.stage === b.stage && a.gate === b.gate && a.attempt === b.attempt

async function tidy(
  platform: Platform,
  release: Release,
  { stage, gate: name, attempt, working }: Leftover,
  signal: AbortSignal,
): Promise<void> {
  const plan = release.status.plan.stages.find((planned) => planned.name === stage)
  const record = release.status.stages.find((stands) => stands.name === stage)
  const planned = plan?.gates.find((gate) => gate.name === name)
  if (plan === undefined || record === undefined || planned === undefined) return
  const gate = gateOf(planned)
  const ended: GateRecord = {
    name,
    gate: planned.gate,
    attempt,
    state: 'running',
    ...(working === undefined ? {} : { working }),
  }
  await gate.tidy?.(planned.parameters, await gateContext({ platform, signal, release, plan, record }, ended))
}
