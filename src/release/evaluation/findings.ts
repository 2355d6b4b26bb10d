import type { GateResult, GateVerdict, Measure } from '../gates/gate.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import type { Interval } from '../../statistics/intervals/interval.ts'

/** What an evaluation finds: a gate's result, but for the files that the gate keeps. */
export type Findings = Omit<GateResult, 'files'> & { readonly details: Json }

/** Whose predictions are judged, for sentences. */
export interface Judged {
  /** `flight-delay:3`. */
  readonly candidate: string
  readonly champion?: string | undefined
  /** `flights-holdout:2`. */
  readonly data: string
  readonly seed: number
}

/** The verdict of several: one that fails decides, then one that is inconclusive. Nothing judged is not applicable. */
export function together(verdicts: readonly (GateVerdict | undefined)[]): GateVerdict {
  for (const verdict of ['fail', 'inconclusive', 'pass'] as const)
    if (verdicts.includes(verdict)) return verdict
  return 'not_applicable'
}

/** A number for JSON, which knows no NaN. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** An interval for a measure; absent where an end cannot be told. */
export const intervalOf = ({ lower, upper }: Interval, confidence: number): Pick<Measure, 'interval'> =>
  Number.isFinite(lower) && Number.isFinite(upper) ? { interval: { lower, upper, confidence } } : {}

/** Columns rounded for charts: they are looked at, and the report is to stay small. */
export const rounded = (value: number, digits = 5): number => Number(value.toPrecision(digits))
