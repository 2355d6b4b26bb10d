/**
 * How two tables differ: what `data diff` tells. Counts are of rows; shares are 0 to 1; what does not exist (the mean
 * of no values) is null.
 */
export interface DataDiff {
  /** Version of this document's shape. */
  readonly format: 1
  readonly from: DiffSide
  readonly to: DiffSide
  /** The same columns of the same types with the same rows, in whatever order. */
  readonly equal: boolean
  readonly schema: SchemaDiff
  /** Columns that both have, most changed first. */
  readonly columns: readonly ColumnDiff[]
  /** Rows by their keys, if keys were given. */
  readonly keyed?: KeyedDiff
  /** Without keys: columns that would do as one, for each has another value in every row, on both sides. */
  readonly keyCandidates?: readonly string[]
  /** How the files were read, and what was left out: in sentences. */
  readonly notes: readonly string[]
}

export interface DiffSide {
  /** The reference as it was asked for, with a label's version. */
  readonly reference: string
  readonly rows: number
  readonly columns: number
  /** Size of the files. */
  readonly bytes: number
}

export interface NamedType {
  readonly name: string
  /** DuckDB's type. */
  readonly type: string
}

export interface SchemaDiff {
  readonly added: readonly NamedType[]
  readonly removed: readonly NamedType[]
  /** Suspected: `values` if the values are the same, `name` if the names are nearly. Not among added and removed. */
  readonly renamed: readonly {
    readonly from: string
    readonly to: string
    readonly because: 'values' | 'name'
  }[]
  readonly retyped: readonly { readonly name: string; readonly from: string; readonly to: string }[]
  /** The columns that both have stand in another order. */
  readonly reordered: boolean
}

/** One column on both sides. */
export interface ColumnDiff {
  readonly name: string
  /** Its name in `to`, where it was renamed. */
  readonly renamedTo?: string
  readonly kind: 'numeric' | 'datetime' | 'categorical' | 'other'
  /** The same values, each as often. */
  readonly same: boolean
  /** How far apart: Kolmogorov–Smirnov of numbers and times, total variation of categories, or the change of missing if that is more. */
  readonly distance: number
  /** Share of rows without a value (null or NaN). */
  readonly missing: Both<number>
  readonly distinct?: Both<number>
  readonly numeric?: Both<NumericSummary>
  readonly datetime?: Both<TimeSummary>
  readonly kolmogorovSmirnov?: { readonly statistic: number; readonly pValue: number }
  readonly populationStabilityIndex?: number
  /** Numbers and times (as seconds since 1970) in bins that both share. */
  readonly histogram?: SharedHistogram
  readonly totalVariation?: number
  /** Values of a category that are new or have gone: how many, and the most frequent ten. */
  readonly newValues?: ValueCounts
  readonly goneValues?: ValueCounts
  /** Most frequent values of either side, at most ten, with their shares. */
  readonly shares?: readonly { readonly value: string; readonly from: number; readonly to: number }[]
  /** How it goes together with the target: Pearson's r of numbers, the correlation ratio η of categories. */
  readonly withTarget?: Both<number | null>
  /** False where numbers were counted in 10,000 bins instead of one by one. */
  readonly exact: boolean
}

export interface Both<T> {
  readonly from: T
  readonly to: T
}

/** Rows of both sides in the same bins: half-open `[a, b)`, the last one closed; `edges` has one more entry than there are bins. */
export interface SharedHistogram {
  /** Of equal width, decided by `from`, and continued where most of `to` lies beyond. */
  readonly edges: readonly number[]
  readonly counts: Both<readonly number[]>
  /** Rows beyond the first and the last edge. */
  readonly below: Both<number>
  readonly above: Both<number>
}

export interface NumericSummary {
  readonly mean: number | null
  readonly std: number | null
  readonly min: number | null
  readonly p25: number | null
  readonly p50: number | null
  readonly p75: number | null
  readonly max: number | null
}

/** ISO 8601. */
export interface TimeSummary {
  readonly min: string | null
  readonly p50: string | null
  readonly max: string | null
}

export interface ValueCounts {
  readonly count: number
  readonly top: readonly { readonly value: string; readonly rows: number }[]
}

/** Rows that have the same keys are the same row; of keys that are there twice none can be told. */
export interface KeyedDiff {
  readonly keys: readonly string[]
  readonly added: number
  readonly removed: number
  readonly changed: number
  readonly unchanged: number
  /** Keys that several rows have: those rows are left out. */
  readonly duplicates: Both<{
    readonly keys: number
    readonly rows: number
    readonly examples: readonly RowKey[]
  }>
  /** Rows in which a key is null or NaN: left out. */
  readonly withoutKey: Both<number>
  /** In how many rows each column changed, most first. */
  readonly changes: readonly { readonly column: string; readonly rows: number }[]
  /** A few of each, in the order of their keys. */
  readonly examples: {
    readonly added: readonly ExampleRow[]
    readonly removed: readonly ExampleRow[]
    readonly changed: readonly {
      readonly key: RowKey
      readonly changes: readonly {
        readonly column: string
        readonly from: string | null
        readonly to: string | null
      }[]
    }[]
  }
}

/** Values of the keys, as text. */
export type RowKey = readonly string[]
/** The first columns of a row, as text. */
export type ExampleRow = readonly { readonly column: string; readonly value: string | null }[]
