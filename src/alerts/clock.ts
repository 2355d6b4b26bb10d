import type { Platform } from '../kernel/platform.ts'

const everyMs = 15_000
/** How far a clock may go back, in ms, as clocks that are set right do, without that it is told. */
const toleratedMs = 2000

/**
 * Calls `wake` when the wall clock has gone back: whatever was due at a time of the clock before would else wait until it is that
 * time again. `check` looks now.
 */
export function watchClock(
  { clock }: Pick<Platform, 'clock'>,
  wake: () => Promise<void>,
): { check(): Promise<void>; stop(): void } {
  let before = clock().getTime()
  const check = async () => {
    const now = clock().getTime()
    const hasGoneBack = now < before - toleratedMs
    before = now
    if (hasGoneBack) await wake()
  }
  const timer = setInterval(() => void check().catch(() => {}), everyMs)
  timer.unref()
  return { check, stop: () => clearInterval(timer) }
}
