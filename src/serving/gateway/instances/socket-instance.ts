import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Connection, openConnection } from './connection.ts'
import type { Instance, InstanceContext, InstanceLimits, ScoringRequest, ScoringResult } from './instance.ts'
import { startProbe } from './probes.ts'

/**
 * A process of its own behind a Unix socket: the Python runtime. Has up to `concurrency` connections to the socket,
 * each with one request at a time. It is down from the moment its socket refuses until the socket is made anew, of
 * which `appeared` tells.
 */
export class SocketInstance implements Instance {
  readonly #name: string
  readonly #path: string
  readonly #onFree: () => void
  readonly #connections = new Map<Connection, 'opening' | 'open' | 'retired'>()
  /** Connections that are open and have nothing to do; the one used last is taken first. */
  readonly #idle: Connection[] = []
  #inFlight = 0
  #opening = 0
  #live = 0
  #up = true
  #closed = false
  #passing = true
  #unresponsiveSince: number | undefined
  #limits: InstanceLimits
  #probes: readonly { stop(): void }[] = []
  #appearances = 0

  constructor(name: string, { sockets, onFree, ...limits }: InstanceContext) {
    this.#name = name
    this.#path = join(sockets, name)
    this.#limits = limits
    this.#onFree = onFree
    this.#probe()
    this.#open()
  }

  get up(): boolean {
    return this.#up && this.#passing
  }

  get unresponsiveSince(): number | undefined {
    return this.#unresponsiveSince
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Opens one more connection, up to the concurrency, if all that are open are busy. */
  ready(): boolean {
    if (!this.#passing) return false
    if (this.#idle.length > 0) return true
    if (this.#opening === 0 && this.#up && this.#live < this.#limits.concurrency) this.#open()
    return false
  }

  submit(request: ScoringRequest, settle: (result: ScoringResult) => void): void {
    const connection = this.#idle.pop()
    if (connection === undefined) throw new Error('submit was called on an instance that is not ready')
    this.#inFlight++
    connection.send(request, (result) => {
      this.#inFlight--
      if (this.#connections.get(connection) === 'open') this.#idle.push(connection)
      settle(result)
    })
  }

  appeared(socket: string): void {
    if (socket !== this.#name) return
    this.#appearances++
    if (this.#closed) return
    this.#probe()
    if (this.#up) return
    this.#up = true
    this.#open()
  }

  update({ concurrency, probes }: InstanceLimits): void {
    const others = !isDeepStrictEqual(probes, this.#limits.probes)
    this.#limits = { concurrency, probes }
    if (others) this.#probe()
    const open = [...this.#connections].filter(([, phase]) => phase === 'open')
    for (const [connection] of open.slice(concurrency)) this.#retire(connection)
  }

  close(): void {
    this.#closed = true
    this.#leave()
  }

  /** There is nothing to probe until the socket appears again. */
  #down() {
    this.#up = false
    this.#forgetProbes()
  }

  #forgetProbes() {
    for (const probe of this.#probes) probe.stop()
    this.#passing = true
    this.#unresponsiveSince = undefined
  }

  /** Begins to probe, as if the instance had just come up. */
  #probe() {
    this.#forgetProbes()
    const { probes } = this.#limits
    if (probes === undefined) return
    const readiness = startProbe(this.#path, probes.readiness, (passes) => {
      this.#passing = passes
      this.#onFree()
    })
    const liveness = startProbe(this.#path, probes.liveness, (passes) => {
      this.#unresponsiveSince = passes ? undefined : Date.now()
      this.#onFree()
    })
    this.#probes = [readiness, liveness]
  }

  #leave() {
    this.#down()
    for (const connection of this.#connections.keys()) this.#retire(connection)
  }

  #retire(connection: Connection) {
    if (this.#connections.get(connection) === 'retired') return
    this.#forget(connection)
    this.#connections.set(connection, 'retired')
    connection.retire()
  }

  /** Takes a connection out of the counts and out of those that are idle. */
  #forget(connection: Connection) {
    const phase = this.#connections.get(connection)
    if (phase === 'opening') this.#opening--
    if (phase === 'opening' || phase === 'open') this.#live--
    const idle = this.#idle.indexOf(connection)
    if (idle >= 0) this.#idle.splice(idle, 1)
  }

  /** Where one connection breaks, the others may be about to: none gets a request before it has proved itself. */
  #doubt() {
    for (const connection of this.#idle.splice(0)) {
      this.#connections.set(connection, 'opening')
      this.#opening++
      connection.prove()
    }
  }

  #open() {
    const appearances = this.#appearances
    const connection = openConnection(this.#path, {
      open: () => {
        if (this.#connections.get(connection) !== 'opening') return
        this.#opening--
        this.#connections.set(connection, 'open')
        this.#idle.push(connection)
        this.#onFree()
      },
      goodbye: () => this.#leave(),
      gone: (reason) => {
        this.#forget(connection)
        this.#connections.delete(connection)
        if (reason === 'broken') this.#doubt()
        // One try at once tells a connection that broke from an instance that died; and a refusal is out of date if
        // the socket has appeared since.
        if (
          !this.#closed &&
          (reason === 'broken' || (reason === 'refused' && appearances < this.#appearances))
        ) {
          this.#open()
        } else if (reason === 'refused' && ![...this.#connections.values()].includes('open')) {
          this.#down()
        }
        this.#onFree()
      },
    })
    this.#connections.set(connection, 'opening')
    this.#opening++
    this.#live++
  }
}
