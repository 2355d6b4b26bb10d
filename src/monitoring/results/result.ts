import type { Json } from '../../kernel/resources/resource.ts'

/** A value that a signal computed, with what it was held against. */
export interface SignalValue {
  /** The field's name: `jensen_shannon_distance`, `null_value_rate`, `roc_auc`, `estimated_roc_auc`. */
  readonly metric: string
  /** Column that it is about; absent: about all of them, or the model. */
  readonly feature?: string
  /** Part of the rows that it is about: `{ carrier: 'AA' }`. */
  readonly segment?: Readonly<Record<string, string>>
  /** Null where it is not defined on these rows: no data, never zero. `note` says why. */
  readonly value: number | null
  readonly interval?: { readonly lower: number; readonly upper: number; readonly confidence: number }
  /** Rows of the production window that it was computed from. */
  readonly n: number
  /** Rows of the reference, where there is one. */
  readonly referenceN?: number
  readonly threshold?: {
    readonly lower?: number
    readonly upper?: number
    readonly from: 'constant' | 'reference'
  }
  /** Beyond its threshold. Absent: not judged (no threshold, or no value). */
  readonly breached?: boolean
  /** True: more labels are still to come, so it may change. */
  readonly provisional?: boolean
  /** How it came about, where there are several ways: `10,000 bins`, `percentile bootstrap, seed 7`. */
  readonly method?: string
  readonly note?: string
}

/** What a signal found in one window. */
export type SignalResult =
  | {
      readonly outcome: 'computed'
      readonly values: readonly SignalValue[]
      /** What a reader should know beside the numbers, a sentence each. */
      readonly notes: readonly string[]
      /** For charts and drill-down: distributions with their bins, curves. Kept as a file of the run; numbers and names only, no rows. */
      readonly details?: Json
    }
  /** It could not be computed, for a reason that is in the data: nothing was collected, a column has gone. */
  | { readonly outcome: 'no_data'; readonly reason: string }
