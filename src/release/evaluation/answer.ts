import type { Findings } from './findings.ts'
import type { PredictionSummary } from './summary/summary.ts'

/** What the program writes: what it found, or why it could not look, in a sentence for the plan's owner. */
export type Answer =
  | { readonly findings: Findings; readonly summary?: PredictionSummary }
  | { readonly problem: string }
