/**
 * What is known of a table by looking at all of it: one JSON document, kept in the artifacts and read by the terminal,
 * the report, data contracts and monitors alike. Numbers that do not exist (the mean of no values) are null.
 */
export interface Profile {
  /** Version of this document's shape. */
  readonly format: 1
  readonly source: Source
  readonly rows: number
  /** Columns that were looked at; all there are unless `columns` was asked for. */
  readonly columnCount: number
  /** Size of the files on disk, as they are (compressed, if they are). */
  readonly bytes: number
  readonly files: number
  /** Null or NaN in any of the columns. */
  readonly missingCells: number
  /** Rows that are equal to an earlier one, over the columns that were looked at. */
  readonly duplicateRows: Count
  readonly columns: readonly ColumnProfile[]
  readonly associations: Associations
  readonly target?: TargetProfile
  readonly drift?: Drift
  readonly warnings: readonly Warning[]
  /** How the files were read, and what was estimated: in sentences. */
  readonly notes: readonly string[]
  /** When it was made, ISO 8601, and how long that took. */
  readonly createdAt: string
  readonly seconds: number
}

export interface Source {
  /** Id of the data asset's version. */
  readonly id: string
  readonly name: string
  readonly version: string
  readonly format: string
}

/** A number that was either counted or estimated. */
export interface Count {
  readonly count: number
  readonly exact: boolean
}

/** What a column is to a person, whatever type it is stored in. */
export type SemanticType =
  | 'numeric'
  | 'categorical'
  | 'boolean'
  | 'datetime'
  | 'text'
  /** One value per row or nearly: a key, a name of the row. */
  | 'identifier'
  /** One value, or none at all. */
  | 'constant'
  /** A list, struct, map or bytes: counted, not looked into. */
  | 'nested'

export interface ColumnProfile {
  readonly name: string
  /** DuckDB's type, e.g. `BIGINT`, `VARCHAR`, `DECIMAL(18,3)`. */
  readonly storageType: string
  readonly semanticType: SemanticType
  readonly missing: Missing
  /** Different values among those that are there (NaN is none). */
  readonly distinct: Count
  /** Every value is there once, and none is missing. */
  readonly unique: boolean
  readonly numeric?: NumericProfile
  readonly text?: TextProfile
  readonly datetime?: DatetimeProfile
  /** Most frequent values first, at most 20. Empty where of more than 20 none occurs twice. */
  readonly top: readonly TopValue[]
  /** Bars over numbers or times. Numbers and dates that are finite only. */
  readonly histogram?: HistogramProfile
}

export interface Missing {
  /** `nulls + nans`. */
  readonly count: number
  /** Of all rows, 0 to 1. */
  readonly fraction: number
  readonly nulls: number
  readonly nans: number
  /** Texts without a character other than white space: not missing, but perhaps meant so. */
  readonly empty: number
}

/** Over the finite values; `std`, `skewness` and `kurtosis` are the sample's, as pandas has them (kurtosis is excess). */
export interface NumericProfile {
  readonly min: number | null
  readonly max: number | null
  readonly mean: number | null
  readonly std: number | null
  readonly skewness: number | null
  readonly kurtosis: number | null
  readonly sum: number | null
  readonly zeros: number
  readonly negatives: number
  /** +∞ and −∞, which all figures leave out. */
  readonly infinite: number
  /** True if every finite value is whole. */
  readonly integers: boolean
  readonly quantiles: Quantiles
  /** Outside [p25 − 1.5 IQR, p75 + 1.5 IQR] (Tukey's fences). */
  readonly outliers: number
}

/** Linear interpolation between neighbours, NumPy's default (Hyndman & Fan's type 7). */
export interface Quantiles {
  readonly p1: number | null
  readonly p5: number | null
  readonly p25: number | null
  readonly p50: number | null
  readonly p75: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly exact: boolean
}

/** Lengths are in characters (Unicode code points). */
export interface TextProfile {
  readonly minLength: number | null
  readonly meanLength: number | null
  readonly maxLength: number | null
  /**
   * Shapes of the values, most frequent first, at most 10: `A` stands for upper-case letters, `a` for lower-case ones,
   * `9` for digits, runs of five or more are written `a…`; e.g. `AA999`, `9999-99-99`.
   */
  readonly patterns: readonly { readonly pattern: string; readonly count: number }[]
  /** What values read as, where texts hold something else than text: `{ number: 980, date: 0, … }`. */
  readonly reads: {
    readonly numbers: number
    readonly dates: number
    readonly booleans: number
    readonly emails: number
    readonly urls: number
    readonly uuids: number
  }
  /** Values that begin or end with white space. */
  readonly padded: number
  /** False where `patterns` and `reads` are estimates from some of the different values. */
  readonly exact: boolean
}

export interface DatetimeProfile {
  /** ISO 8601. */
  readonly min: string | null
  readonly max: string | null
  /** Between first and last, in seconds. */
  readonly rangeSeconds: number | null
  /** The coarsest unit that all values are whole in. */
  readonly granularity: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'subsecond' | null
  /** Later than the moment of profiling. */
  readonly future: number
  /** Units of `gapUnit` between first and last in which there is no row, and the longest runs of them. */
  readonly gaps: {
    readonly unit: 'year' | 'month' | 'day' | 'hour'
    readonly missing: number
    readonly longest: readonly { readonly from: string; readonly to: string; readonly units: number }[]
  } | null
}

export interface TopValue {
  /** As text; numbers and dates as they are written. */
  readonly value: string
  readonly count: number
  /** Of the rows in which there is a value. */
  readonly fraction: number
}

/**
 * Equal-width bins by NumPy's rule `auto` (the narrower of Freedman–Diaconis and Sturges, integers at least 1 wide), at
 * most 200 of them. `edges` has one more entry than `counts`; all bins are half-open but the last. Edges of times are
 * seconds since 1970-01-01.
 */
export interface HistogramProfile {
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

/** How columns go together, on all rows or on a sample of so many. */
export interface Associations {
  readonly rows: number
  readonly sampled: boolean
  readonly pairs: readonly Association[]
}

/**
 * `pearson` and `spearman` of two numeric columns, −1 to 1 (of tables with over 50 columns only what is 0.3 or more); `cramers_v` (bias-corrected) of two categorical ones and
 * `correlation_ratio` (η) of a categorical and a numeric one, 0 to 1. Rows in which one of the two is missing are left out.
 */
export interface Association {
  readonly a: string
  readonly b: string
  readonly measure: 'pearson' | 'spearman' | 'cramers_v' | 'correlation_ratio'
  readonly value: number
}

export interface TargetProfile {
  readonly column: string
  readonly task: 'binary_classification' | 'multiclass_classification' | 'regression'
  /** Classes with their shares, most frequent first, at most 20; none for regression. */
  readonly classes: readonly TopValue[]
  /** Strongest first. */
  readonly features: readonly FeatureAssociation[]
}

export interface FeatureAssociation {
  readonly column: string
  /**
   * How well the column alone predicts: `auc` (the better of both directions, 0.5 to 1; of several classes the weighted
   * mean of one against the rest) or `r2` (0 to 1). Values and bins are scored by rows other than their own.
   */
  readonly measure: 'auc' | 'r2'
  readonly value: number
  /** Mutual information with the target over the target's entropy, 0 to 1; numbers in deciles. */
  readonly mutualInformation: number
  /** The same measure for whether the column is missing; absent where it never or always is. */
  readonly missingness?: number
  readonly suspectedLeakage: boolean
}

/** Against another version, by Azure ML's definitions of its model monitors. */
export interface Drift {
  readonly against: Source
  readonly rows: number
  readonly added: readonly { readonly name: string; readonly type: string }[]
  readonly removed: readonly { readonly name: string; readonly type: string }[]
  readonly retyped: readonly { readonly name: string; readonly from: string; readonly to: string }[]
  /** Columns that both versions have, most drifted first. */
  readonly columns: readonly ColumnDrift[]
}

export interface ColumnDrift {
  readonly name: string
  readonly kind: 'numerical' | 'categorical'
  /** Base 2, 0 to 1. */
  readonly jensenShannonDistance: number | null
  readonly populationStabilityIndex: number | null
  readonly normalizedWassersteinDistance?: number | null
  readonly kolmogorovSmirnov?: { readonly statistic: number; readonly pValue: number } | null
  /** The statistic is null where it is infinite: there is a value that the other version does not have. */
  readonly chiSquared?: {
    readonly statistic: number | null
    readonly pValue: number
    readonly degrees: number
  } | null
  /** False where Wasserstein and Kolmogorov–Smirnov were taken from 10,000 bins instead of every value. */
  readonly exact: boolean
  readonly missingFraction: { readonly from: number; readonly to: number }
  /** Shares of both versions in bins of equal width (`edges` as in `HistogramProfile`), for numbers. */
  readonly bins?: {
    readonly edges: readonly number[]
    readonly from: readonly number[]
    readonly to: readonly number[]
  }
  /** Shares of the most frequent categories of both versions, at most 20. */
  readonly categories?: readonly { readonly value: string; readonly from: number; readonly to: number }[]
  /** Values of a categorical column that are new or have gone, at most 20 of each. */
  readonly newValues?: readonly string[]
  readonly goneValues?: readonly string[]
  /** Distance over Azure's default threshold (0.1): Wasserstein of numbers, Jensen–Shannon of categories. Times move on, and never drift. */
  readonly drifted: boolean
}

export interface Warning {
  readonly code: WarningCode
  /** The column it is about; absent if it is about the table. */
  readonly column?: string
  readonly severity: 'info' | 'warning'
  /** A sentence that says what is so, and what it may mean. */
  readonly message: string
}

export type WarningCode =
  | 'empty_table'
  | 'constant'
  | 'empty_column'
  | 'mostly_missing'
  | 'missing'
  | 'high_cardinality'
  | 'identifier'
  | 'skewed'
  | 'zeros'
  | 'infinite'
  | 'imbalance'
  | 'duplicates'
  | 'mixed_types'
  | 'numbers_as_text'
  | 'dates_as_text'
  | 'padded'
  | 'empty_text'
  | 'future_dates'
  | 'gaps'
  | 'equal_columns'
  | 'correlated'
  | 'leakage'
  | 'leakage_missingness'
  | 'known_later'
  | 'target_missing'
  | 'drift'
  | 'schema_changed'
