import type { Encoding } from '../files/encoding.ts'

/** Where in the MLTable file something stands, for errors about it. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** What an MLTable says, in the order in which it says it. */
export interface Program {
  readonly paths: readonly TablePath[]
  readonly reader: TableReader | undefined
  readonly steps: readonly Step[]
}

export interface TablePath {
  readonly kind: 'file' | 'folder' | 'pattern'
  /** Relative to the MLTable's folder, or a reference as `parseReference` knows it (a pattern may end it). */
  readonly path: string
  readonly place: Place
}

export type TableReader =
  | {
      readonly kind: 'read_delimited'
      readonly delimiter: string
      readonly encoding: Encoding | undefined
      readonly header:
        | 'no_header'
        | 'from_first_file'
        | 'all_files_different_headers'
        | 'all_files_same_headers'
      readonly infers: boolean
      readonly overrides: readonly Conversion[]
      readonly emptyAsString: boolean
      readonly pathColumn: string | undefined
    }
  | { readonly kind: 'read_parquet'; readonly pathColumn: string | undefined }
  | {
      readonly kind: 'read_json_lines'
      readonly encoding: Encoding | undefined
      readonly invalidLines: 'error' | 'drop'
      readonly pathColumn: string | undefined
    }

export type Step =
  | { readonly kind: 'convert_column_types'; readonly conversions: readonly Conversion[] }
  | { readonly kind: 'keep_columns' | 'drop_columns'; readonly columns: Columns }
  | { readonly kind: 'filter'; readonly expression: string; readonly place: Place }
  | { readonly kind: 'skip' | 'take'; readonly count: number }
  | { readonly kind: 'take_random_sample'; readonly probability: number; readonly seed: number }
  | { readonly kind: 'extract_columns_from_partition_format'; readonly format: string; readonly place: Place }

export interface Conversion {
  readonly columns: Columns
  readonly type: ColumnType
}

/** Columns by their names, or by a regular expression that finds something in them. */
export type Columns =
  | { readonly names: readonly string[]; readonly place: Place }
  | { readonly pattern: RegExp; readonly invert: boolean; readonly place: Place }

export type ColumnType =
  | { readonly kind: 'string' | 'int' | 'float' | 'stream_info' }
  | {
      readonly kind: 'boolean'
      readonly trueValues: readonly string[]
      readonly falseValues: readonly string[]
      readonly mismatchAs: 'true' | 'false' | 'missing'
    }
  | {
      readonly kind: 'datetime'
      readonly formats: readonly string[]
      readonly dateConstant: string | undefined
    }
