import type { Probes } from './probes.ts'

/**
 * What answers a deployment's requests, as the rest of the gateway sees it. Above this line are HTTP, credentials,
 * traffic, limits and measurements (`Exchange`, `Pool`); below it is whatever computes a prediction.
 *
 * To add another kind of instance:
 * 1. in `routes/route-table.ts`, a variant of `instanceRoute` with its own `kind` and all that opening it needs
 *    (the control plane writes it into the table in `serving/routing/table.ts`);
 * 2. beside this file, one that implements `Instance`;
 * 3. in `open.ts`, the line that opens it.
 *
 * An instance never queues: it says by `ready` that it takes a request now, and calls `onFree` when it does again.
 * The pool queues, chooses among instances, keeps the limits and times requests out. An instance that gains by scoring
 * several requests at once may keep what was submitted until the end of the turn (`setImmediate`) and score it as one.
 */
export interface Instance {
  /** False while nothing can be served; `onFree` is called when that changes, in either direction. */
  readonly up: boolean
  /** When it failed its liveness probe (milliseconds since 1970): it ought to be ended and started again. */
  readonly unresponsiveSince: number | undefined
  /** Requests submitted and not settled. */
  readonly inFlight: number
  /** Whether `submit` is taken now. May begin to make room (open a connection, say) and call `onFree` when there is. */
  ready(): boolean
  /**
   * Scores a request; to be called only when `ready()` has just been true. Calls `settle` exactly once, never in the
   * same turn, and never throws. Nobody waits for the outcome of a request that is `abandoned` any more: an instance
   * that has not begun on it may settle it as `undelivered`.
   */
  submit(request: ScoringRequest, settle: (result: ScoringResult) => void): void
  /** Takes up changed limits. */
  update(limits: InstanceLimits): void
  /** A file of this name has appeared in the folder of sockets. */
  appeared(socket: string): void
  /** Takes no more requests, and frees what it holds when the last one under way is settled. */
  close(): void
}

/** What of a deployment's route concerns each of its instances. */
export interface InstanceLimits {
  /** Requests that it takes at once. */
  readonly concurrency: number
  readonly probes?: Probes | undefined
}

/** What the gateway gives an instance when it opens one. */
export interface InstanceContext extends InstanceLimits {
  /** Folder of the sockets; '' is the process's own. */
  readonly sockets: string
  /** To be called whenever a request could be taken that could not before, or `up` or `unresponsiveSince` has changed. */
  readonly onFree: () => void
  /** Told of what should not happen. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** How the body is to be read and the answer to be written. */
export type Operation = 'score' | 'invocations' | 'infer'

export interface ScoringRequest {
  readonly operation: Operation
  readonly requestId: string
  readonly contentType: string
  /** W3C trace context of the caller, if it sent a valid one. */
  readonly traceparent?: string
  readonly tracestate?: string
  /** For `infer`: what the answer calls the model. */
  readonly model?: { readonly name: string; readonly version?: string }
  /** The caller's headers, without its credentials, where the deployment asks for them. */
  readonly headers?: Readonly<Record<string, string>>
  /** Plain bytes: what was compressed on the way has been expanded. */
  readonly body: Buffer
  /** True once nobody waits for the outcome: timed out, or the caller has gone. */
  abandoned: boolean
}

export interface Reply {
  /** 2xx, 400 and 415 for what is the request's fault, anything else for what is the model's. */
  readonly status: number
  readonly contentType: string
  readonly body: Buffer
  /** Time in the model. */
  readonly milliseconds: number
  /** True if the user's code failed, rather than the request. */
  readonly failed?: boolean | undefined
  /** Rows in the request, where the instance knows. */
  readonly rows?: number | undefined
  /** Requests that this run of the model answered together; 1 if not said. */
  readonly together?: number | undefined
}

/**
 * The reply, or how the instance went away before it: `lost` if it may have begun on the request, `undelivered` if it
 * cannot have, so that another may take it.
 */
export type ScoringResult = Reply | 'lost' | 'undelivered'
