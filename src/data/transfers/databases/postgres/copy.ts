import type { Duplex } from 'node:stream'
import type { Connection } from 'pg'

/** A connection's side of a COPY, of which `pg` declares no types. */
type Wire = Connection & {
  readonly stream: Duplex
  sendCopyFromChunk(chunk: Uint8Array): void
  endCopyFrom(): void
  sendCopyFail(message: string): void
}

/** A statement that `pg` submits and whose messages it hands over. */
abstract class Copy {
  readonly done = Promise.withResolvers<number>()
  protected wire: Wire | undefined
  readonly #sql: string
  #rows = 0

  constructor(sql: string) {
    this.#sql = sql
    // Whoever waits for rows hears of the failure there; it must not be unhandled here meanwhile.
    this.done.promise.catch(() => {})
  }

  submit(connection: Connection): void {
    this.wire = connection as Wire
    connection.query(this.#sql)
  }
  handleCommandComplete({ text }: { text: string }): void {
    this.#rows = Number(/^COPY (\d+)/.exec(text)?.[1] ?? 0)
  }
  /** `pg` says no more to a statement once it has failed. */
  handleError(error: Error): void {
    this.done.reject(error)
  }
  handleReadyForQuery(): void {
    this.done.resolve(this.#rows)
  }
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleParseComplete(): void {}
}

/** `copy (…) to stdout`: hands over each row's bytes, which are only good until the call returns. */
export class CopyOut extends Copy {
  readonly #row: (bytes: Buffer) => void

  constructor(sql: string, row: (bytes: Buffer) => void) {
    super(sql)
    this.#row = row
  }
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.#row(chunk)
  }
  /** Lets no more rows come until `resume`; what has arrived already is still handed over. */
  pause(): void {
    this.wire?.stream.pause()
  }
  resume(): void {
    this.wire?.stream.resume()
  }
}

/** `copy … from stdin`: sends the chunks as fast as the database takes them. */
export class CopyIn extends Copy {
  readonly #chunks: AsyncIterable<Uint8Array>

  constructor(sql: string, chunks: AsyncIterable<Uint8Array>) {
    super(sql)
    this.#chunks = chunks
  }
  handleCopyInResponse(): void {
    const wire = this.wire
    if (wire === undefined) return
    void this.#send(wire)
  }
  async #send(wire: Wire): Promise<void> {
    try {
      for await (const chunk of this.#chunks) {
        if (!wire.stream.writable) return
        wire.sendCopyFromChunk(chunk)
        if (wire.stream.writableNeedDrain) await drained(wire.stream)
      }
      wire.endCopyFrom()
    } catch (error) {
      this.handleError(error as Error)
      wire.sendCopyFail('the sender failed')
    }
  }
}

async function drained(stream: Duplex): Promise<void> {
  const done = Promise.withResolvers<void>()
  const settle = () => {
    stream.off('drain', settle)
    stream.off('close', settle)
    done.resolve()
  }
  stream.on('drain', settle)
  stream.on('close', settle)
  await done.promise
}
