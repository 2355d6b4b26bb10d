import type { NativeRequest } from './native-model.ts'

/** What is by far the most usual: a plain `/score` of JSON. */
export const plainScore: NativeRequest = {
  operation: 'score',
  contentType: 'application/json',
  requestId: '',
}

/** Requests for the worker, to be scored together. Their bodies stand one after the other in `bytes`. */
export interface Batch {
  /** For each request where its body ends. */
  readonly ends: readonly number[]
  /** 0 stands for `plainScore`. */
  readonly requests: readonly (NativeRequest | 0)[]
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What the worker says: once that it is ready, then of each batch, in order, what came of it. */
export type FromWorker =
  | { readonly ready: true }
  | {
      /** For each request where its answer ends; as the one before where it was declined. */
      readonly ends: readonly number[]
      /** Rows of each request; 0 where it was declined. */
      readonly rows: readonly number[]
      readonly milliseconds: number
      /** Requests that were scored in the same run as each. */
      readonly together: readonly number[]
      readonly bytes: Uint8Array<ArrayBuffer>
    }

/** Lays texts' or bodies' bytes one after the other in memory of their own, which can be handed to another thread. */
export function concatenated(parts: readonly Uint8Array[]): {
  bytes: Uint8Array<ArrayBuffer>
  ends: number[]
} {
  const ends: number[] = []
  let length = 0
  for (const part of parts) ends.push((length += part.length))
  const bytes = new Uint8Array(length)
  for (const [index, part] of parts.entries()) bytes.set(part, index === 0 ? 0 : ends[index - 1])
  return { bytes, ends }
}
