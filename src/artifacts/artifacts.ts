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
  /**
   * The bytes `start` to `end` (inclusive; the whole blob without a range), cut where the blob ends. Throws
   * `BlobMissing`. The caller consumes or destroys the stream.
   */
  read(name: BlobName, range?: { readonly start: number; readonly end?: number }): Promise<Readable>
  /**
   * Blobs whose path starts with `prefix`, in byte order of their path. With a delimiter, what lies deeper is
   * rolled up into `prefixes`. `next` is the marker to pass as `after` for the following page.
   */
  list(container: string, prefix: string, options?: ListOptions): Promise<BlobPage>
  /** Replaces the blob's user metadata. Throws `BlobMissing`. */
  setMetadata(name: BlobName, metadata: Readonly<Record<string, string>>): Promise<BlobInfo>
  /** Gives the bytes of `from` a second name; moves none. Throws `BlobMissing`, and `BlobExists` as `put` does. */
  copy(from: BlobName, to: BlobName, options?: Pick<PutOptions, 'ifNoneMatch'>): Promise<BlobInfo>
  /** True if there was such a blob. The bytes stay until `sweep` finds that no name means them. */
  remove(name: BlobName): Promise<boolean>
  /** Names of the containers in which there is something. */
  containers(): Promise<readonly string[]>
  /** Removes every blob and staged block of a container; returns how many blobs. */
  removeContainer(container: string): Promise<number>
  /**
   * Keeps one block of a blob that is being uploaded in parts; the same block id replaces the earlier one. Throws
   * `DigestMismatch` as `put` does.
   */
  stageBlock(name: BlobName, blockId: string, body: Body, options?: Pick<PutOptions, 'md5'>): Promise<void>
  /**
   * Makes the blob of its staged blocks, in that order, and forgets the blocks. Throws `BlobMissing` for an unknown id.
   * Asked again with the same ids, by a client that missed the answer, it answers again as long as the blob is that one.
   */
  commitBlocks(name: BlobName, blockIds: readonly string[], options?: PutOptions): Promise<BlobInfo>
  /**
   * Staged blocks that are not yet committed, by id in the order of their ids. Empty where there are none.
   */
  stagedBlocks(name: BlobName): Promise<readonly { readonly id: string; readonly size: number }[]>
  /**
   * Lays the blobs below the folder `name.path` out as read-only files below `folder` ('' is the whole container), or
   * the one blob of exactly that name as `folder/{its last segment}`; by link where that is safe, else by copy.
   * Returns how many files and bytes: 0 files where there is nothing of that name. A name that would leave the
   * folder, or that is a file and a folder at once, is refused with `UnsafeName`.
   */
  checkout(
    name: BlobName,
    folder: string,
    options?: CheckoutOptions,
  ): Promise<{ files: number; bytes: number }>
  /**
   * Stores every regular file below `folder` as `{name}/{path}` (or the one file as `name`); either all become visible
   * or none. Links are followed; one that leads outside the folder, or in a circle, is refused with `UnsafeName`.
   * `digest` is of the paths and contents alone: equal for equal folders, wherever they are.
   */
  storeFolder(folder: string, name: BlobName): Promise<{ files: number; bytes: number; digest: string }>
  /**
   * Deletes bytes that no name and no staged block means and that are older than `graceMs`, and forgets blocks that
   * were staged a week ago and never committed. What is being written meanwhile is never touched, whatever its age.
   */
  sweep(graceMs: number): Promise<{ files: number; bytes: number }>
  /** What `sweep` would delete now, and what nothing means either but is younger than that. Deletes nothing. */
  sweepable(graceMs: number): Promise<Sweepable>
}

/** Bytes that nothing means. */
export interface Sweepable {
  readonly files: number
  readonly bytes: number
  readonly younger: { readonly files: number; readonly bytes: number }
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

export interface CheckoutOptions {
  /** True where only code of ours reads what is laid out, so that it may be a link whoever this process is. */
  readonly onlyRead?: boolean
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
  /**
   * Streams the body in and returns its digests. Atomic: a body that throws leaves nothing. Idempotent: the same
   * bytes twice are kept once, and are then as young as the second time.
   */
  write(body: Body): Promise<{ digest: string; md5: string; size: number }>
  /** Throws `BlobMissing` if these bytes are not here. */
  read(digest: string, range?: { readonly start: number; readonly end?: number }): Promise<Readable>
  has(digest: string): Promise<boolean>
  /** A local file with exactly these bytes that may be linked or read but never written, where the backend has one. */
  localFile(digest: string): Promise<string | undefined>
  /** Deletes the bytes unless they were written, again perhaps, at `unlessSince` or after. True if it did. */
  remove(digest: string, unlessSince: Date): Promise<boolean>
  /** Every digest here with its size and age, for `sweep`. */
  all(): AsyncIterable<{ digest: string; size: number; modifiedAt: Date }>
  /** Deletes what writes that never ended have left, if last touched before this time. */
  forgetBroken(before: Date): Promise<void>
}

/** A name with the etag and time that a change of it gives. */
export interface BlobInfoChange extends BlobName {
  readonly etag: string
  readonly modifiedAt: Date
}

/** Which bytes a name means: implemented by the store, in transactions. */
export interface BlobIndex {
  find(name: BlobName): Promise<BlobInfo | undefined>
  /**
   * Gives `to` what `from` means, in one transaction, so that `from` cannot go meanwhile and its bytes with it. Throws
   * `BlobMissing`; with `ifAbsent`, `BlobExists` if `to` is taken.
   */
  copy(from: BlobName, to: BlobInfoChange, options?: { readonly ifAbsent?: boolean }): Promise<BlobInfo>
  /** Replaces the blob's metadata. Throws `BlobMissing`. */
  setMetadata(name: BlobInfoChange, metadata: Readonly<Record<string, string>>): Promise<BlobInfo>
  /** Sets all of these names in one transaction. With `ifAbsent`, throws `BlobExists` if one is taken, and sets none. */
  set(blobs: readonly BlobInfo[], options?: { readonly ifAbsent?: boolean }): Promise<void>
  /** Blobs that start with `prefix` and are at or after `from`, in byte order of their path. */
  list(container: string, prefix: string, from: string, limit: number): Promise<readonly BlobInfo[]>
  remove(name: BlobName): Promise<boolean>
  /** Names of the containers that have a blob or a staged block. */
  containers(): Promise<readonly string[]>
  /** Removes a container's blobs and staged blocks in one transaction; returns how many blobs. */
  removeContainer(container: string): Promise<number>
  stage(name: BlobName, blockId: string, block: { digest: string; size: number }): Promise<void>
  staged(name: BlobName): Promise<ReadonlyMap<string, { digest: string; size: number }>>
  unstage(name: BlobName): Promise<void>
  /** Forgets blocks that were staged before this time; returns how many. */
  unstageOlder(before: Date): Promise<number>
  /** True if a name or a staged block means these bytes. */
  refers(digest: string): Promise<boolean>
}
