import type { Json } from '../../../kernel/resources/resource.ts'
import type { Measure } from '../gate.ts'

export const fairnessReport = (
  details: Json,
  measures: readonly Measure[],
  notes: readonly string[],
): string => JSON.stringify({ details, measures, notes })
