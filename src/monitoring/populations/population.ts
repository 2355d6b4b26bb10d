import type { Session } from '../../analytics/analytics.ts'

/** What columns are to a model, as far as the monitor, the signature or the collected data tell. */
export interface Roles {
  readonly features: readonly string[]
  /** Column of the predicted value or class. */
  readonly prediction?: string
  /** Columns of class probabilities, by class; of a binary model that tells one column, by `'1'`-like positive class. */
  readonly probabilities?: Readonly<Record<string, string>>
  /** Column of what came true. */
  readonly target?: string
  readonly time?: string
  /** Column of the time at which a row's label came in, where the source tells it. */
  readonly labelTime?: string
  readonly correlationId?: string
}

export interface PopulationColumn {
  readonly name: string
  /** DuckDB's name of its type. */
  readonly type: string
  /** Azure's typing: strings, booleans and dates are categories, whole numbers too if fewer than 5 % of them are distinct. */
  readonly kind: 'numerical' | 'categorical'
  /** True of text (or JSON) without any value: of what type it would be is not known. */
  readonly empty?: true
}

/**
 * Rows of a source in a window, as they lie on this machine. The rows are read once a run and kept as Parquet: a fixed
 * reference is kept across runs.
 */
export interface Population {
  readonly files: readonly string[]
  /** SQL that reads it in a session of `withPopulations`: `select … from {view}`. */
  readonly view: string
  readonly rows: number
  readonly columns: readonly PopulationColumn[]
  readonly roles: Roles
  /** The same for the same rows read the same way: key for caches of what is computed of it. */
  readonly fingerprint: string
  readonly window?: { readonly from: Date; readonly to: Date }
  /** Rows that have a label, where it has a target. Those without stay in it: their label may still come. */
  readonly labelled?: number
  /** What a reader should know: labels without a prediction, labels that came twice. */
  readonly notes: readonly string[]
}

/** Nothing could be read, for a reason in the data. The signal of it has no data. */
export class NoData extends Error {}

/** What a signal may open. Throws NoData with a sentence for people. */
export interface Populations {
  /** What is looked at, joined where there are several sources. */
  production(): Promise<Population>
  reference(): Promise<Population>
  /** Equal parts of the reference in the order of its time column (or of its rows), for thresholds: each is a view, too. */
  chunks(of: Population, count: number): Promise<readonly Population[]>
  /** A session in which each of the populations is a view of its name, with the memory limit of analytics. */
  session<T>(use: (session: Session) => Promise<T>): Promise<T>
}
