import type { Instance, InstanceContext, InstanceLimits, ScoringRequest, ScoringResult } from '../instance.ts'
import { SocketInstance } from '../socket-instance.ts'
import { NativeWorker } from './native-worker.ts'

type Settle = (result: ScoringResult) => void

/**
 * A compiled model beside the Python process that it was compiled from. The compiled one answers what it is sure to
 * answer as Python would, which is nearly everything; the rest (what does not fit the signature, rows that Python
 * raises an error for, unusual encodings) is Python's, and so is everything while there is no thread.
 */
export class NativeInstance implements Instance {
  readonly #native: NativeWorker
  readonly #python: SocketInstance
  readonly #onFree: () => void
  /** Declined requests that wait for a free connection to Python. */
  readonly #declined: { readonly request: ScoringRequest; readonly settle: Settle }[] = []
  #concurrency: number
  #inFlight = 0

  constructor(route: { readonly name: string; readonly folder: string }, context: InstanceContext) {
    this.#concurrency = context.concurrency
    this.#onFree = context.onFree
    this.#python = new SocketInstance(route.name, { ...context, onFree: () => this.#freed() })
    this.#native = new NativeWorker(route.folder, (problem) => {
      if (problem !== undefined) context.onError?.(problem)
      context.onFree()
    })
  }

  get up(): boolean {
    return this.#native.ready || this.#python.up
  }

  get unresponsiveSince(): number | undefined {
    return this.#python.unresponsiveSince
  }

  get inFlight(): number {
    return this.#inFlight
  }

  ready(): boolean {
    if (this.#declined.length > 0) this.#pass()
    if (this.#native.ready) return this.#inFlight < this.#concurrency
    return this.#inFlight < this.#concurrency && this.#declined.length === 0 && this.#python.ready()
  }

  submit(request: ScoringRequest, settle: Settle): void {
    this.#inFlight++
    const done: Settle = (result) => {
      this.#inFlight--
      settle(result)
    }
    if (!this.#native.ready) return this.#python.submit(request, done)
    this.#native.submit(request, (result) => {
      if (result !== 'declined') return done(result)
      this.#declined.push({ request, settle: done })
      this.#pass()
    })
  }

  update(limits: InstanceLimits): void {
    this.#concurrency = limits.concurrency
    this.#python.update(limits)
    this.#onFree()
  }

  appeared(socket: string): void {
    this.#python.appeared(socket)
  }

  close(): void {
    this.#native.close()
    this.#python.close()
    for (const { settle } of this.#declined.splice(0)) settle('undelivered')
  }

  #freed() {
    this.#pass()
    this.#onFree()
  }

  #pass() {
    while (this.#declined[0]?.request.abandoned || (this.#declined.length > 0 && this.#python.ready())) {
      const next = this.#declined.shift()
      if (next?.request.abandoned) next.settle('undelivered')
      else if (next) this.#python.submit(next.request, next.settle)
    }
    // Nothing will be free again of what is not up: another instance may take it, or its time runs out.
    if (!this.#python.up && !this.#native.ready)
      for (const { settle } of this.#declined.splice(0)) settle('undelivered')
  }
}
