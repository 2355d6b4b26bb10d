/** A local file of a table, and how it is called where the user sees it. */
export interface DataFile {
  /** Absolute path that SQL reads. */
  readonly path: string
  /** Path as the user knows it: below the folder that was named, or the file's own name. */
  readonly shown: string
  readonly bytes: number
}
