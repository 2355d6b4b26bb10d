import type { Readable } from 'node:stream'

/** One file of a store. */
export interface FileInfo {
  /** Path below the root of the store, with `/` between its segments and none at its ends. */
  readonly path: string
  /** Bytes; undefined where a server does not tell before it is read. */
  readonly size: number | undefined
  /** Changes when the bytes do; undefined where the store cannot tell, and nothing of it may then be kept. */
  readonly etag: string | undefined
  readonly modifiedAt: Date | undefined
}

export interface FilePage {
  readonly files: readonly FileInfo[]
  /** To be passed as `after` for the following page; undefined on the last. Only the store that gave it understands it. */
  readonly next?: string
}

export interface ReadOptions {
  /** Bytes from `start` to `end`, both inclusive, cut where the file ends. Default: the whole file. */
  readonly range?: { readonly start: number; readonly end?: number }
  /** Throws `FileChanged` if the file has another etag by now. */
  readonly ifMatch?: string
  readonly signal?: AbortSignal
}

/**
 * Files that can be read. Every method throws, beside what it says itself: the reason of its `signal` once that is
 * aborted; a `UserError` (in one sentence, naming store and host, never a secret) where the store cannot be reached,
 * refuses the credentials or has no such container. What may be mended by trying again has been tried again.
 */
export interface ReadableStore {
  /** For messages: `datastore 'landing'`. */
  readonly name: string
  /** What tells the bytes of this store from those of any other, whoever reads them: an address without credentials. */
  readonly identity: string
  /** Undefined where there is no such file; a folder is none. */
  head(path: string, signal?: AbortSignal): Promise<FileInfo | undefined>
  /** Throws `FileMissing`. The caller consumes or destroys the stream, which breaks off with an error if the store does. */
  read(path: string, options?: ReadOptions): Promise<Readable>
}

/** Files that can be found and written, too. Paths with `.` or `..` segments are never given. */
export interface FileStore extends ReadableStore {
  /**
   * Files whose path starts with `prefix`, in the byte order of their paths (Azure: of their UTF-16; a hierarchical data
   * lake: folder by folder). Folders are not listed.
   */
  list(prefix: string, options?: ListOptions): Promise<FilePage>
  /**
   * Stores the whole body or nothing: a body that breaks off leaves what was there. Replaces a file unless
   * `ifNoneMatch`, which then throws `FileExists`. Idempotent: the same body twice is one file.
   */
  write(path: string, body: AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<FileInfo>
  /** True if there was such a file. */
  remove(path: string, signal?: AbortSignal): Promise<boolean>
}

export interface ListOptions {
  readonly after?: string
  /** Files in a page at most; a store may give fewer. */
  readonly limit?: number
  readonly signal?: AbortSignal
}

export interface WriteOptions {
  readonly ifNoneMatch?: '*'
  readonly signal?: AbortSignal
}

export class FileMissing extends Error {}
export class FileExists extends Error {}
export class FileChanged extends Error {}

/** Every file below a prefix, page by page. */
export async function* filesBelow(
  store: FileStore,
  prefix: string,
  signal?: AbortSignal,
): AsyncGenerator<FileInfo> {
  for (let after: string | undefined; ;) {
    const page = await store.list(prefix, {
      ...(after === undefined ? {} : { after }),
      ...(signal === undefined ? {} : { signal }),
    })
    yield* page.files
    if (page.next === undefined) return
    after = page.next
  }
}
