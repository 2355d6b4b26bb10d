import type { PlannedSignal } from '../monitors/monitor.ts'
import type { MonitorMistake } from './signal.ts'

/** What is wrong with segments of a kind that looks at all rows together; `advice`: what to do instead. */
export const noSegments = (
  { segments }: PlannedSignal,
  advice = 'This kind of signal looks at all rows together. For a part of them make a signal of its own, with data_segment.',
): readonly MonitorMistake[] => (segments.length === 0 ? [] : [{ path: ['segments'], message: advice }])
