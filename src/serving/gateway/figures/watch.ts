import { isDeepStrictEqual } from 'node:util'
import { bucketOf } from '../../../statistics/latency/log-buckets.ts'
import type { EndpointRoute } from '../routes/route-table.ts'
import { differenceBin, mostClasses } from './answers.ts'
import { createBursts, type Bursts, type EventKind } from './bursts.ts'
import type { Compared } from './comparison.ts'
import type { ArmFigures, EndpointFigures } from './figures.ts'

/** How a request ended, for the deployment's account: `gone` if its caller left before. */
export type Ending = 'answered' | 'errors' | 'refused' | 'gone'

/** A request under way that counts. */
export interface Ticket {
  readonly watch: Watch
  readonly epoch: number
  readonly arm: string
  readonly caller: string
  readonly begun: number
  /** Whether its answer is looked at. */
  readonly sampled: boolean
  done: boolean
}

export interface WatchOptions {
  readonly now?: () => number
  readonly random?: () => number
}

/** Answers of an endpoint that are looked at, in a second. */
const samplesPerSecond = 200
const recently = 50

interface Arm {
  requests: number
  assigned: number
  dropped: number
  readonly events: Record<EventKind, number>
  readonly independent: Record<EventKind, number>
  readonly latency: Map<string, number>
  readonly predictions: Map<string, number>
}

/**
 * Counts how the deployments of one endpoint do, while a rollout asks for it. All counts begin anew when the shares of
 * the traffic change (those of a stretch without a change are what can be compared), and after that warm-up is over.
 */
export class Watch {
  readonly #now: () => number
  readonly #random: () => number
  #bursts: Bursts
  #arms = new Map<string, Arm>()
  readonly #recent = new Map<string, boolean[]>()
  #pairs = { compared: 0, unlike: 0, differences: new Map<number, number>() }
  #epoch = 0
  #since = 0
  #samples = 0
  #route: Pick<EndpointRoute, 'traffic' | 'mirror' | 'watch'> | undefined

  constructor({ now = Date.now, random = Math.random }: WatchOptions = {}) {
    this.#now = now
    this.#random = random
    this.#bursts = createBursts(random)
  }

  /** Takes up a route; counts begin anew if what matters of it has changed. */
  follow({ traffic, mirror, watch }: EndpointRoute): void {
    const next = { traffic, mirror, watch }
    if (isDeepStrictEqual(next, this.#route)) return
    const isOther = !isDeepStrictEqual({ traffic, mirror }, this.#route && withoutWatch(this.#route))
    this.#route = next
    // A limit that is found while shares stay begins other counts, but nothing has to warm up.
    this.#since = this.#now() + (isOther ? (watch?.warmMs ?? 0) : 0)
    this.#epoch++
    this.#arms = new Map()
    this.#bursts = createBursts(this.#random)
    this.#pairs = { compared: 0, unlike: 0, differences: new Map() }
  }

  /** A request begins. `byTurn` if the traffic alone chose its deployment. */
  begin(arm: string, caller: string, { byTurn = false, isCopy = false } = {}): Ticket {
    const begun = this.#now()
    if (byTurn && begun >= this.#since) this.#arm(arm).assigned++
    const { mirror } = this.#route ?? { mirror: {} }
    // While copies are made, only pairs are looked at: then both models are asked the same.
    const sampled = !isCopy && Object.keys(mirror).length === 0 && this.sample(begun)
    return { watch: this, epoch: this.#epoch, arm, caller, begun, sampled, done: false }
  }

  /** Whether one more answer is looked at. Requests are sampled as they come, whichever their deployment. */
  sample(begun: number): boolean {
    return begun >= this.#since && this.#samples < samplesPerSecond && ++this.#samples > 0
  }

  ended(ticket: Ticket, ending: Ending): void {
    if (ticket.done || ticket.epoch !== this.#epoch) return
    ticket.done = true
    const hasFailed = ending === 'errors'
    if (ending !== 'gone') this.#remember(ticket.arm, hasFailed)
    if (ticket.begun < this.#since) return
    const arm = this.#arm(ticket.arm)
    const ms = hasFailed ? Infinity : this.#now() - ticket.begun
    arm.requests++
    const bucket = bucketOf(ms)
    arm.latency.set(bucket, (arm.latency.get(bucket) ?? 0) + 1)
    if (ending === 'errors' || ending === 'refused') this.#event(arm, ticket, ending)
    const { slowMs } = this.#route?.watch ?? {}
    if (slowMs !== undefined && ms > slowMs) this.#event(arm, ticket, 'slow')
  }

  dropped(ticket: Ticket): void {
    if (ticket.epoch !== this.#epoch || ticket.done) return
    ticket.done = true
    if (ticket.begun >= this.#since) this.#arm(ticket.arm).dropped++
  }

  /** What the looking at answers found. */
  take(epoch: number, { arms, compared, unlike, apart }: Compared): void {
    if (epoch !== this.#epoch) return
    for (const [name, values] of Object.entries(arms)) {
      const { predictions } = this.#arm(name)
      for (const [bin, count] of Object.entries(values)) {
        const key = predictions.has(bin) || predictions.size < mostBins || bin.startsWith('n') ? bin : 'c:…'
        predictions.set(key, (predictions.get(key) ?? 0) + count)
      }
    }
    this.#pairs.compared += compared
    this.#pairs.unlike += unlike
    for (const far of apart) {
      const bin = differenceBin(far)
      this.#pairs.differences.set(bin, (this.#pairs.differences.get(bin) ?? 0) + 1)
    }
  }

  /** Ends a second, and says how it stands. `up` counts a deployment's instances that take requests. */
  settle(up: ReadonlyMap<string, number>): EndpointFigures {
    this.#samples = 0
    this.#bursts.settle((kind, arm) => this.#arm(arm).independent[kind]++)
    const { traffic = {}, mirror = {}, watch } = this.#route ?? {}
    const names = new Set([...up.keys(), ...this.#arms.keys()])
    return {
      traffic,
      mirror,
      since: this.#since,
      ...(watch?.slowMs === undefined ? {} : { slowMs: watch.slowMs }),
      arms: Object.fromEntries([...names].map((name) => [name, this.#figuresOf(name, up.get(name) ?? 0)])),
      pairs: {
        compared: this.#pairs.compared,
        unlike: this.#pairs.unlike,
        differences: Object.fromEntries(this.#pairs.differences),
      },
    }
  }

  #figuresOf(name: string, up: number): ArmFigures {
    const arm = this.#arms.get(name) ?? emptyArm()
    const recent = this.#recent.get(name) ?? []
    return {
      requests: arm.requests,
      assigned: arm.assigned,
      ...arm.events,
      independent: arm.independent,
      latency: Object.fromEntries(arm.latency),
      predictions: Object.fromEntries(arm.predictions),
      recent: { requests: recent.length, errors: recent.filter(Boolean).length },
      dropped: arm.dropped,
      up,
    }
  }

  #event(arm: Arm, { caller, arm: name }: Ticket, kind: EventKind) {
    arm.events[kind]++
    this.#bursts.note(kind, caller, name)
  }

  #remember(name: string, hasFailed: boolean) {
    const recent = this.#recent.get(name) ?? []
    recent.push(hasFailed)
    if (recent.length > recently) recent.shift()
    this.#recent.set(name, recent)
  }

  #arm(name: string): Arm {
    const known = this.#arms.get(name)
    if (known !== undefined) return known
    const arm = emptyArm()
    this.#arms.set(name, arm)
    return arm
  }
}

const mostBins = mostClasses

const emptyArm = (): Arm => ({
  requests: 0,
  assigned: 0,
  dropped: 0,
  events: { errors: 0, refused: 0, slow: 0 },
  independent: { errors: 0, refused: 0, slow: 0 },
  latency: new Map(),
  predictions: new Map(),
})

const withoutWatch = ({ traffic, mirror }: Pick<EndpointRoute, 'traffic' | 'mirror'>) => ({ traffic, mirror })
