import type { DeploymentRoute } from '../routes/route-table.ts'
import type { Instance, Reply, ScoringRequest } from './instance.ts'
import { openInstance } from './open.ts'

/** What became of a request. */
export type Outcome =
  /** `woke`: it came while the deployment slept, and waited for that to wake. */
  | { readonly kind: 'reply'; readonly reply: Reply; readonly waitedMs: number; readonly woke: boolean }
  /** More than twice what the instances take at once was already there. */
  | { readonly kind: 'overloaded' }
  /** Waited longer than the deployment lets requests wait. */
  | { readonly kind: 'waited' }
  /** Not answered in time. The instance may still be at it: its place is free again only when it is done. */
  | { readonly kind: 'timeout' }
  /** Not even begun in time, since no instance was up. */
  | { readonly kind: 'unready' }
  /** Waits for a sleeping deployment, and nobody is there to wake it. */
  | { readonly kind: 'asleep' }
  /** The instance went away with it. */
  | { readonly kind: 'crashed' }

interface Held {
  readonly request: ScoringRequest
  readonly arrivedAt: number
  readonly settle: (outcome: Outcome) => void
  /** When its time is over. */
  deadline: number
  /** True for one that waits for a sleeping deployment: its time counts from when it is begun. */
  readonly wakes: boolean
  timer?: NodeJS.Timeout
}

export interface PoolOptions {
  /** Folder of the sockets; '' is the process's own. */
  readonly sockets: string
  /** Told when a request waits for a deployment that has been scaled to nothing, or an instance fails its liveness probe. */
  readonly onUrgent?: () => void
  /** Whether somebody is there to wake one that sleeps. */
  readonly canWake?: () => Promise<boolean>
  readonly now?: () => number
  /** Told of what should not happen. */
  readonly onError?: (error: unknown) => void
}

/**
 * The instances of one deployment and the requests that wait for them, first come first served. A request goes to the
 * instance with the fewest under way; one that no instance has taken yet survives the death of any of them.
 */
export class Pool {
  readonly #options: PoolOptions
  readonly #now: () => number
  readonly #instances = new Map<string, Instance>()
  #inTurn: readonly Instance[] = []
  #turn = 0
  #queue = new Set<Held>()
  #route: DeploymentRoute
  #held = 0
  #heldMs = 0
  #heldSince: number
  #closed = false

  constructor(route: DeploymentRoute, options: PoolOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    this.#heldSince = this.#now()
    this.#route = { ...route, instances: [] }
    this.update(route)
  }

  get route(): DeploymentRoute {
    return this.#route
  }

  /** Requests under way and waiting. */
  get held(): number {
    return this.#held
  }

  get waiting(): number {
    return this.#queue.size
  }

  get instancesUp(): number {
    return this.#inTurn.filter((i) => i.up).length
  }

  /** Names of instances that fail their liveness probe, with since when; undefined if none does. */
  get unresponsive(): Readonly<Record<string, number>> | undefined {
    if (this.#inTurn.every((i) => i.unresponsiveSince === undefined)) return undefined
    const since = [...this.#instances].map(([name, i]) => [name, i.unresponsiveSince] as const)
    return Object.fromEntries(since.filter((entry): entry is [string, number] => entry[1] !== undefined))
  }

  /** Milliseconds that requests have spent here, summed over requests, those here now included. */
  get heldMs(): number {
    this.#account()
    return this.#heldMs
  }

  /** Requests that may be here at once: Azure's formula, and what one instance may where all of them sleep. */
  get limit(): number {
    const { concurrency, instances, asleepMs } = this.#route
    return 2 * concurrency * Math.max(instances.length, asleepMs === undefined ? 0 : 1)
  }

  /** What a request that came now would be told at once, if it would not be taken in. */
  get refusal(): Outcome | undefined {
    if (this.#held < this.limit) return undefined
    return { kind: this.instancesUp > 0 ? 'overloaded' : 'unready' }
  }

  /** Takes up the route's instances; those it no longer names finish what they have. */
  update(route: DeploymentRoute): void {
    this.#route = route
    const wanted = new Set(route.instances.map(({ name }) => name))
    for (const [name, instance] of this.#instances) {
      if (wanted.has(name)) continue
      this.#instances.delete(name)
      instance.close()
    }
    for (const instance of route.instances) {
      const known = this.#instances.get(instance.name)
      if (known) known.update(route)
      else {
        const { concurrency, probes } = route
        const { sockets, onError } = this.#options
        const onFree = () => this.#changed()
        const context = { concurrency, probes, sockets, onFree, onError }
        this.#instances.set(instance.name, openInstance(instance, context))
      }
    }
    this.#inTurn = [...this.#instances.values()]
    this.#dispatch()
  }

  /** A socket of this name has appeared. */
  appeared(socket: string): void {
    for (const instance of this.#inTurn) instance.appeared(socket)
  }

  /** Calls `settle` once, within the time that the route gives; not at all for a request that `abandon` took back. */
  submit(request: ScoringRequest, settle: (outcome: Outcome) => void): void {
    const { refusal } = this
    if (refusal || this.#closed) return settle(refusal ?? { kind: 'unready' })
    this.#hold(1)
    const { requestTimeoutMs, queueWaitMs = Infinity, asleepMs = 0 } = this.#route
    const wakes = this.#inTurn.length === 0
    const arrivedAt = this.#now()
    const patienceMs = requestTimeoutMs + (wakes ? asleepMs : 0)
    const held: Held = { request, arrivedAt, settle, wakes, deadline: arrivedAt + patienceMs }
    this.#queue.add(held)
    this.#watch(held, wakes ? patienceMs : Math.min(patienceMs, queueWaitMs))
    this.#dispatch()
    if (wakes) void this.#wake(held)
  }

  /** The caller has gone: what waits is let go; what an instance has begun on keeps its place until it is done. */
  abandon(request: ScoringRequest): void {
    request.abandoned = true
    for (const held of this.#queue) {
      if (held.request !== request) continue
      this.#queue.delete(held)
      clearTimeout(held.timer)
      this.#hold(-1)
      return
    }
  }

  /** Closes every instance; what waits is told that none is ready. */
  close(): void {
    this.#closed = true
    this.update({ ...this.#route, instances: [] })
    for (const held of this.#queue) this.#settleWaiting(held, { kind: 'unready' })
  }

  async #wake(held: Held) {
    this.#options.onUrgent?.()
    const isWoken = (await this.#options.canWake?.()) ?? true
    if (!isWoken && this.#queue.has(held) && this.#inTurn.length === 0)
      this.#settleWaiting(held, { kind: 'asleep' })
  }

  #watch(held: Held, ms: number) {
    clearTimeout(held.timer)
    held.timer = setTimeout(() => this.#overdue(held), ms)
  }

  #overdue(held: Held) {
    const left = held.deadline - this.#now()
    if (this.#queue.has(held)) {
      if (this.instancesUp === 0) return this.#settleWaiting(held, { kind: 'unready' })
      return this.#settleWaiting(held, { kind: left > 1 ? 'waited' : 'timeout' })
    }
    if (left > 1) return this.#watch(held, left)
    held.request.abandoned = true
    held.settle({ kind: 'timeout' })
  }

  #settleWaiting(held: Held, outcome: Outcome) {
    this.#queue.delete(held)
    clearTimeout(held.timer)
    this.#hold(-1)
    held.request.abandoned = true
    held.settle(outcome)
  }

  #changed() {
    this.#dispatch()
    if (this.unresponsive) this.#options.onUrgent?.()
  }

  #dispatch() {
    for (const held of this.#queue) {
      const instance = this.#free()
      if (instance === undefined) return
      this.#queue.delete(held)
      this.#run(instance, held)
    }
  }

  /** The instance with the fewest requests of those that can take one; of several, the one whose turn it is. */
  #free(): Instance | undefined {
    const instances = this.#inTurn
    if (instances.length === 1) return instances[0]?.ready() ? instances[0] : undefined
    let best: Instance | undefined
    for (let i = 0; i < instances.length; i++) {
      const instance = instances[(this.#turn + i) % instances.length]
      if (instance === undefined || !instance.up) continue
      if ((best === undefined || instance.inFlight < best.inFlight) && instance.ready()) best = instance
    }
    this.#turn++
    return best
  }

  #run(instance: Instance, held: Held) {
    const now = this.#now()
    const waitedMs = now - held.arrivedAt
    if (held.wakes) {
      held.deadline = now + this.#route.requestTimeoutMs
      this.#watch(held, this.#route.requestTimeoutMs)
    }
    instance.submit(held.request, (result) => {
      const { abandoned } = held.request
      if (result === 'undelivered' && !abandoned && !this.#closed) {
        // The instance was gone already: another one, or the same when it is back, takes it as if for the first time.
        this.#queue = new Set([held, ...this.#queue])
      } else {
        clearTimeout(held.timer)
        this.#hold(-1)
        if (!abandoned)
          held.settle(
            typeof result === 'string'
              ? { kind: 'crashed' }
              : { kind: 'reply', reply: result, waitedMs, woke: held.wakes },
          )
      }
      this.#dispatch()
    })
  }

  #hold(change: 1 | -1) {
    this.#account()
    this.#held += change
  }

  #account() {
    const now = this.#now()
    this.#heldMs += this.#held * (now - this.#heldSince)
    this.#heldSince = now
  }
}
