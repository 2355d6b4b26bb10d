import { type Connection, openConnection } from './connection.ts'

/**
 * One instance of a deployment, as the gateway sees it: up to `concurrency` connections to its socket. It is down
 * from the moment its socket refuses until the socket is made anew, of which `poke` tells.
 */
export class Instance {
  readonly #path: string
  readonly #onFree: () => void
  readonly #connections = new Map<Connection, 'opening' | 'open' | 'retired'>()
  #concurrency: number
  #up = true
  #retired = false
  #appearances = 0

  /** `onFree` is called whenever a request could be taken that could not before. */
  constructor(path: string, concurrency: number, onFree: () => void) {
    this.#path = path
    this.#concurrency = concurrency
    this.#onFree = onFree
    this.#open()
  }

  /** False once the socket has refused: nothing can be served until it is back. */
  get up(): boolean {
    return this.#up
  }

  get busy(): number {
    return [...this.#connections.keys()].filter((c) => c.busy).length
  }

  /** A connection that can take a request now. Opens one more, up to the concurrency, if all that are open are busy. */
  free(): Connection | undefined {
    let live = 0
    let opening = false
    for (const [connection, phase] of this.#connections) {
      if (phase === 'open' && !connection.busy) return connection
      if (phase === 'opening') opening = true
      if (phase !== 'retired') live++
    }
    if (!opening && this.#up && live < this.#concurrency) this.#open()
    return undefined
  }

  /** The socket has appeared: it can be tried again. */
  poke(): void {
    this.#appearances++
    if (this.#up || this.#retired) return
    this.#up = true
    this.#open()
  }

  resize(concurrency: number): void {
    this.#concurrency = concurrency
    const open = [...this.#connections].filter(([, phase]) => phase === 'open')
    for (const [connection] of open.slice(concurrency)) this.#retire(connection)
  }

  /** Takes no more requests; closes each connection when its request is answered. */
  retire(): void {
    this.#retired = true
    this.#leave()
  }

  #leave() {
    this.#up = false
    for (const connection of this.#connections.keys()) this.#retire(connection)
  }

  #retire(connection: Connection) {
    this.#connections.set(connection, 'retired')
    connection.retire()
  }

  #open() {
    const appearances = this.#appearances
    const connection = openConnection(this.#path, {
      open: () => {
        if (this.#connections.get(connection) === 'retired') return
        this.#connections.set(connection, 'open')
        this.#onFree()
      },
      goodbye: () => this.#leave(),
      gone: (reason) => {
        this.#connections.delete(connection)
        // One try at once tells a connection that broke from an instance that died; and a refusal is out of date if
        // the socket has appeared since.
        if (
          !this.#retired &&
          (reason === 'broken' || (reason === 'refused' && appearances < this.#appearances))
        ) {
          this.#open()
        } else if (reason === 'refused' && ![...this.#connections.values()].includes('open')) {
          this.#up = false
        }
        this.#onFree()
      },
    })
    this.#connections.set(connection, 'opening')
  }
}
