import type { Platform } from '../platform.ts'
import type { Resource } from '../resources/resource.ts'

/**
 * Brings what is nearer to what was asked for. Level-triggered: it is told which resource, never what happened, and
 * must give the same result however often it runs. At most one runs for a resource at a time, over all servers.
 */
export interface Reconciler {
  /** Stable name, kept in the work table. */
  readonly name: string
  /** ARM types whose writes (properties or status) call it. */
  readonly types: readonly string[]
  /**
   * Takes one step. Returns when to look again if nobody writes the resource meanwhile; nothing if it is content. A
   * thrown error is logged and tried again with back-off (1 s doubling to 5 min).
   */
  reconcile(resource: Resource, context: ReconcileContext): Promise<{ readonly again: number } | void>
}

export interface ReconcileContext {
  readonly platform: Platform
  /** Aborts when the server stops: leave at once, the lease is given back and another run will finish. */
  readonly signal: AbortSignal
}
