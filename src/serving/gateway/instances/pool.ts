import { join } from 'node:path'
import type { DeploymentRoute } from '../route-table.ts'
import type { Connection, Reply, RequestMeta } from './connection.ts'
import { Instance } from './instance.ts'

/** What became of a request. */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: Reply; readonly waitedMs: number }
  /** More than twice what the instances take at once was already there. */
  | { readonly kind: 'overloaded' }
  /** Not answered in time. The instance may still be at it: its place is free again only when it is done. */
  | { readonly kind: 'timeout' }
  /** Not even begun in time, since no instance was up. */
  | { readonly kind: 'unready' }
  /** The instance went away with it. */
  | { readonly kind: 'crashed' }

interface Waiting {
  readonly meta: RequestMeta
  readonly body: Buffer
  readonly arrivedAt: number
  readonly settle: (outcome: Outcome) => void
  /** True once its time is over, when nobody waits for its outcome any more. */
  expired: boolean
}

/**
 * The instances of one deployment and the requests that wait for them, first come first served. A request goes to the
 * instance with the fewest under way; one that no instance has taken yet survives the death of any of them.
 */
export class Pool {
  readonly #sockets: string
  readonly #instances = new Map<string, Instance>()
  #queue = new Set<Waiting>()
  #route: DeploymentRoute
  #held = 0

  constructor(sockets: string, route: DeploymentRoute) {
    this.#sockets = sockets
    this.#route = route
    this.update(route)
  }

  /** Requests under way and waiting. */
  get held(): number {
    return this.#held
  }

  get instancesUp(): number {
    return [...this.#instances.values()].filter((i) => i.up).length
  }

  /** Takes up the route's instances; those it no longer names finish what they have. */
  update(route: DeploymentRoute): void {
    this.#route = route
    for (const [name, instance] of this.#instances) {
      if (route.instances.includes(name)) continue
      this.#instances.delete(name)
      instance.retire()
    }
    for (const name of route.instances) {
      const known = this.#instances.get(name)
      if (known) known.resize(route.concurrency)
      else
        this.#instances.set(
          name,
          new Instance(join(this.#sockets, name), route.concurrency, () => this.#dispatch()),
        )
    }
    this.#dispatch()
  }

  /** A socket of this name has appeared. */
  poke(name: string): void {
    this.#instances.get(name)?.poke()
  }

  /** Resolves, never rejects, within the deployment's request timeout. */
  submit(meta: RequestMeta, body: Buffer): Promise<Outcome> {
    const { concurrency, instances, requestTimeoutMs } = this.#route
    if (this.#held >= 2 * concurrency * instances.length) {
      return Promise.resolve({ kind: this.instancesUp > 0 ? 'overloaded' : 'unready' })
    }
    this.#held++
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.expired = true
        if (!this.#queue.delete(waiting)) return resolve({ kind: 'timeout' })
        this.#held--
        resolve({ kind: this.instancesUp > 0 ? 'timeout' : 'unready' })
      }, requestTimeoutMs)
      const waiting: Waiting = {
        meta,
        body,
        arrivedAt: performance.now(),
        expired: false,
        settle: (outcome) => {
          clearTimeout(timer)
          resolve(outcome)
        },
      }
      this.#queue.add(waiting)
      this.#dispatch()
    })
  }

  /** Retires every instance; what waits is told that none is ready. */
  close(): void {
    this.update({ ...this.#route, instances: [] })
    for (const waiting of this.#queue) waiting.settle({ kind: 'unready' })
    this.#held -= this.#queue.size
    this.#queue.clear()
  }

  #dispatch() {
    for (const waiting of this.#queue) {
      const connection = this.#free()
      if (connection === undefined) return
      this.#queue.delete(waiting)
      this.#run(connection, waiting)
    }
  }

  #free(): Connection | undefined {
    if (this.#instances.size === 1) return this.#instances.values().next().value?.free()
    const byLoad = [...this.#instances].filter(([, i]) => i.up).toSorted(([, a], [, b]) => a.busy - b.busy)
    for (const [name, instance] of byLoad) {
      const connection = instance.free()
      if (connection === undefined) continue
      // Last in the map is last in turn among those that are equally busy.
      this.#instances.delete(name)
      this.#instances.set(name, instance)
      return connection
    }
    return undefined
  }

  #run(connection: Connection, waiting: Waiting) {
    const waitedMs = performance.now() - waiting.arrivedAt
    connection.send(waiting.meta, waiting.body, (result) => {
      if (result === 'undelivered' && !waiting.expired) {
        // The instance was gone already: another one, or the same when it is back, takes it as if for the first time.
        this.#queue = new Set([waiting, ...this.#queue])
      } else {
        this.#held--
        waiting.settle(
          typeof result === 'string' ? { kind: 'crashed' } : { kind: 'reply', reply: result, waitedMs },
        )
      }
      this.#dispatch()
    })
  }
}
