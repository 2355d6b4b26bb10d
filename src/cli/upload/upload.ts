/** One file to upload. */
export interface UploadFile {
  /** Where it is on this machine; of a browser's, its name. */
  readonly path: string
  /** Where it goes, below the upload's root, with `/`. */
  readonly name: string
  readonly size: number
  open(): Promise<Blob>
}

/** A file or folder to upload, whole. */
export interface Upload {
  /** Name of the file or folder: the leaf that it has in the store as well. */
  readonly leaf: string
  readonly isFolder: boolean
  readonly files: readonly UploadFile[]
  /** SHA-256 of names and contents, in hexadecimal: the same files have the same, whenever and wherever they lie. */
  readonly hash: string
}

/** The first 32 digits of a hash, written as a GUID: how Azure's SDK names what has no name. */
export function guidOf(hash: string): string {
  return hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
