import { z } from 'zod'
import type { SignalResult } from '../../results/result.ts'
import type { Signal, SignalContext, SignalProgress } from '../../signals/signal.ts'
import { signals } from '../../signals/signals.ts'

/** What a fake signal does in a step; a test sets it. */
export type Step = (context: SignalContext) => Promise<SignalProgress>

/** A kind of signal that does what a test says, listed among the others until the test is over. */
export interface FakeSignal {
  /** By name of the signal in its monitor. */
  readonly steps: Map<string, Step>
  end(): void
}

export const found = (value: number | null, more: Partial<SignalResult & { outcome: 'computed' }> = {}) =>
  ({
    result: {
      outcome: 'computed' as const,
      values: [
        {
          metric: 'jensen_shannon_distance',
          feature: 'distance',
          value,
          n: 100,
          threshold: { upper: 0.1, from: 'constant' as const },
          ...(value === null ? {} : { breached: value > 0.1 }),
        },
      ],
      notes: [],
      ...more,
    },
  }) satisfies SignalProgress

export function listFakeSignal(): FakeSignal {
  const steps = new Map<string, Step>()
  const fake: Signal<{ readonly level?: number | undefined }> = {
    kind: 'fake_drift',
    signalType: 'FakeDrift',
    summary: 'Does what a test says.',
    parameters: z.strictObject({ level: z.number().optional() }),
    reference: 'none',
    metrics: [
      {
        name: 'jensen_shannon_distance',
        wire: 'JensenShannonDistance',
        group: 'numerical',
        threshold: 0.1,
        beyond: 'above',
      },
    ],
    advance: async (_, context) => (await steps.get(context.planned.name)?.(context)) ?? found(0.05),
  }
  const list = signals as Signal<never>[]
  list.push(fake as Signal<never>)
  return { steps, end: () => void list.splice(list.indexOf(fake as Signal<never>), 1) }
}
