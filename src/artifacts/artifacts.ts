import type { Readable } from 'node:stream'

/**
 * Bytes by name. A name is `{container}/{path}`; both are free text as Azure Blob has it (no `..`, no NUL, at most
 * 1,024 characters), so a blob `a` and a blob `a/b` may both exist. The bytes behind a name are content-addressed
 * and immutable: replacing a blob changes which bytes its name means, and never disturbs a reader of the old ones.
 */
export interface Artifacts {
  /**
   * Stores the whole body or nothing: a body that breaks off leaves no trace. Replaces an existing blob unless
   * `ifNoneMatch` is given, which then throws `BlobExists`. Throws `DigestMismatch` if `md5` (base64) does not fit.
   */
  put(name: BlobName, body: Body, options?: PutOptions): Promise<BlobInfo>
  /** Undefined where there is no such blob. */
  head(name: BlobName): Promise<BlobInfo | undefined>
  /** The bytes `start` to `end` (inclusive; the whole blob without a range). Throws `BlobMissing`. */
  read(name: BlobName, range?: { readonly start: number; readonly end?: number }): Promise<Readable>
  /**
   * Blobs whose path starts with `prefix`, in byte order of their path. With a delimiter, what lies deeper is
   * rolled up into `prefixes`. `next` is the marker to pass as `after` for the following page.
   */
  list(container: string, prefix: string, options?: ListOptions): Promise<BlobPage>
  /** Replaces the blob's user metadata. Throws `BlobMissing`. */
  setMetadata(name: BlobName, metadata: Readonly<Record<string, string>>): Promise<BlobInfo>
  /** Gives the bytes of `from` a second name; moves none. Throws `BlobMissing`. */
  copy(from: BlobName, to: BlobName): Promise<BlobInfo>
  /** True if there was such a blob. The bytes stay until `sweep` finds that no name means them. */
  remove(name: BlobName): Promise<boolean>
  /** Keeps one block of a blob that is being uploaded in parts; the same block id replaces the earlier one. */
  stageBlock(name: BlobName, blockId: string, body: Body): Promise<void>
  /** Makes the blob of its staged blocks, in that order, and forgets the blocks. Throws `BlobMissing` for an unknown id. */
  commitBlocks(name: BlobName, blockIds: readonly string[], options?: PutOptions): Promise<BlobInfo>
  /**
   * Lays the blobs under `prefix` (or the one blob of exactly that name) out as read-only files below `folder`, by
   * link where the file system can and by copy where not. Returns how many files and bytes. A name that would leave
   * the folder is refused with `UnsafeName`.
   */
  checkout(name: BlobName, folder: string): Promise<{ files: number; bytes: number }>
  /**
   * Stores every regular file below `folder` (or the one file) under `name`; either all become visible or none.
   * Links that lead outside the folder are refused with `UnsafeName`.
   */
  storeFolder(folder: string, name: BlobName): Promise<{ files: number; bytes: number; digest: string }>
  /** Deletes bytes that no name and no staged block means and that are older than `graceMs`. */
  sweep(graceMs: number): Promise<{ files: number; bytes: number }>
}

export interface BlobName {
  readonly container: string
  readonly path: string
}

export interface BlobInfo extends BlobName {
  /** SHA-256 of the bytes, lower-case hex. */
  readonly digest: string
  /** MD5 of the bytes, base64, as Azure's Content-MD5. */
  readonly md5: string
  readonly size: number
  readonly contentType: string
  readonly metadata: Readonly<Record<string, string>>
  readonly etag: string
  readonly modifiedAt: Date
}

export interface PutOptions {
  readonly contentType?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly ifNoneMatch?: '*'
  readonly md5?: string
}

export interface ListOptions {
  readonly delimiter?: string
  readonly after?: string
  readonly limit?: number
}

export interface BlobPage {
  readonly blobs: readonly BlobInfo[]
  readonly prefixes: readonly string[]
  readonly next?: string
}

export type Body = Uint8Array | AsyncIterable<Uint8Array>

export class BlobMissing extends Error {}
export class BlobExists extends Error {}
export class DigestMismatch extends Error {}
export class UnsafeName extends Error {}

/** Where the bytes are: one small interface, one backend per kind of storage, one contract suite for all. */
export interface ByteStore {
  /** Streams the body in and returns its digests. Idempotent: the same bytes twice are kept once. Atomic. */
  write(body: Body): Promise<{ digest: string; md5: string; size: number }>
  /** Throws `BlobMissing` if these bytes are not here. */
  read(digest: string, range?: { readonly start: number; readonly end?: number }): Promise<Readable>
  has(digest: string): Promise<boolean>
  /** A local file with exactly these bytes that may be linked or read but never written, where the backend has one. */
  localFile(digest: string): Promise<string | undefined>
  remove(digest: string): Promise<void>
  /** Every digest here with its size and age, for `sweep`. */
  all(): AsyncIterable<{ digest: string; size: number; modifiedAt: Date }>
}

/** Which bytes a name means: implemented by the store, in transactions. */
export interface BlobIndex {
  find(name: BlobName): Promise<BlobInfo | undefined>
  /** Sets all of these names in one transaction. With `ifAbsent`, throws `BlobExists` if one is taken, and sets none. */
  set(blobs: readonly BlobInfo[], options?: { readonly ifAbsent?: boolean }): Promise<void>
  list(container: string, prefix: string, after: string, limit: number): Promise<readonly BlobInfo[]>
  remove(name: BlobName): Promise<boolean>
  stage(name: BlobName, blockId: string, block: { digest: string; size: number }): Promise<void>
  staged(name: BlobName): Promise<ReadonlyMap<string, { digest: string; size: number }>>
  unstage(name: BlobName): Promise<void>
  /** True if a name or a staged block means these bytes. */
  refers(digest: string): Promise<boolean>
}
