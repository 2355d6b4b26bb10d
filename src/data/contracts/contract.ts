import type { Scalar } from '../../kernel/grammar/values.ts'
/** What a contract says once it has been read: short forms spelled out, percents as shares, durations in milliseconds. */
export interface Contract {
  /** Name of the data asset that it is of. */
  readonly data: string
  readonly checks: readonly Check[]
  /** Whether jobs may read versions that break it. */
  readonly enforce: boolean
  /** How many failing rows and values are kept with a result, 0 to 20. */
  readonly examples: number
}

export type Severity = 'warn' | 'fail'

/** One expectation, with what every expectation may have. */
export interface Check {
  /** Unique in its contract, the same as long as the check is: `carrier.in`, `row_count`. */
  readonly name: string
  readonly severity: Severity
  readonly description?: string
  /** SQL: only rows for which this holds are looked at. */
  readonly where?: string
  readonly expectation: Expectation
}

/** `min` and `max` belong to it, `above` and `below` do not. At least one is there. */
export interface Range<T = number> {
  readonly min?: T
  readonly max?: T
  readonly above?: T
  readonly below?: T
}

/** `mostly`: the share of values (those that are not missing) for which it has to hold, 0 to 1. */
interface Mostly {
  readonly mostly: number
}
interface OfColumn {
  readonly column: string
}

export const operators = ['>=', '<=', '!=', '>', '<', '='] as const
export const driftMeasures = ['psi', 'ks', 'ks_p_value', 'chi2_p_value', 'jensen_shannon'] as const

export type Expectation =
  | { readonly kind: 'row_count' | 'column_count'; readonly range: Range }
  | {
      readonly kind: 'schema'
      /** `types` is empty where any will do. */
      readonly columns: readonly { readonly name: string; readonly types: readonly string[] }[]
      /** No other columns. */
      readonly strict: boolean
      /** These columns in this order. */
      readonly ordered: boolean
    }
  | (OfColumn & { readonly kind: 'exists' })
  | (OfColumn & { readonly kind: 'type'; readonly types: readonly string[] })
  | (OfColumn & Mostly & { readonly kind: 'not_null' | 'is_null' })
  | (OfColumn & { readonly kind: 'null_rate'; readonly range: Range })
  | (OfColumn & Mostly & { readonly kind: 'in' | 'not_in'; readonly values: readonly Scalar[] })
  | (OfColumn & { readonly kind: 'includes'; readonly values: readonly Scalar[] })
  | (OfColumn & Mostly & { readonly kind: 'between'; readonly range: Range<number | string> })
  | (OfColumn & Mostly & { readonly kind: 'length'; readonly range: Range })
  | (OfColumn & Mostly & { readonly kind: 'matches' | 'not_matches'; readonly patterns: readonly string[] })
  | (OfColumn & Mostly & { readonly kind: 'reads_as'; readonly type: string })
  | (OfColumn &
      Mostly & {
        readonly kind: 'increasing' | 'decreasing'
        readonly strict: boolean
        /** The column that says which row comes after which; default: the order of the file. */
        readonly by?: string
      })
  | (OfColumn & { readonly kind: 'min' | 'max'; readonly range: Range<number | string> })
  | (OfColumn & { readonly kind: 'mean' | 'median' | 'std' | 'sum'; readonly range: Range })
  | (OfColumn & { readonly kind: 'quantile'; readonly quantile: number; readonly range: Range })
  | (OfColumn & { readonly kind: 'distinct_count' | 'distinct_rate'; readonly range: Range })
  | (Mostly & {
      readonly kind: 'unique'
      readonly columns: readonly string[]
      /** A row in which one of them is missing is a violation (a primary key), not left out. */
      readonly present: boolean
    })
  | (Mostly & {
      readonly kind: 'compare'
      readonly left: string
      readonly operator: (typeof operators)[number]
      readonly right: string
      readonly missing: 'skip' | 'fail'
    })
  | (Mostly & {
      readonly kind: 'sum_of'
      readonly columns: readonly string[]
      /** A number, or the column that has the total. */
      readonly equals: number | string
      readonly tolerance: number
    })
  | (Mostly & {
      readonly kind: 'references'
      readonly columns: readonly string[]
      readonly data: string
      readonly of: readonly string[]
    })
  | (Mostly & { readonly kind: 'satisfies'; readonly sql: string })
  | { readonly kind: 'failed_rows'; readonly sql: string; readonly max: number }
  | { readonly kind: 'metric'; readonly sql: string; readonly range: Range }
  | {
      readonly kind: 'duplicates'
      /** Empty: all columns. */
      readonly columns: readonly string[]
      readonly range: Range
      /** Whether the range is of the share of rows or of their number. */
      readonly share: boolean
    }
  | (OfColumn & { readonly kind: 'freshness'; readonly within: number })
  | (OfColumn & {
      readonly kind: 'drift'
      /** A reference, or `previous`: the version before. */
      readonly against: string
      readonly measure: (typeof driftMeasures)[number]
      readonly range: Range
    })

export type Kind = Expectation['kind']
