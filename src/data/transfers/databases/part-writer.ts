import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourcePart } from './sql-source.ts'

interface Taken {
  readonly row: Buffer
  readonly nulled: number
}

/** Bytes that may wait for the disk before more rows are held back. */
const mostWaiting = 4 * 2 ** 20

/**
 * Writes rows of CSV into files one after another: `add` is called by whoever receives rows and never waits, `next` by
 * whoever uses the files. A file is begun when the one before has been taken, so that rows are held back meanwhile.
 */
export class PartWriter {
  readonly #options: { readonly folder: string; readonly partBytes: number; readonly isOrdered: boolean }
  #file: FileHandle | undefined
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #part = emptyPart()
  /** Rows that arrived after the file was full, for the next one. */
  #held: Taken[] = []
  #full = false
  #state: 'open' | 'ended' | Error = 'open'
  #count = 0
  #isStopped = false
  #news = Promise.withResolvers<void>()

  constructor(options: { readonly folder: string; readonly partBytes: number; readonly isOrdered: boolean }) {
    this.#options = options
  }

  /** True if no more rows should come for now. */
  get isBehind(): boolean {
    return !this.#isStopped && (this.#full || this.#waitingBytes > mostWaiting)
  }

  /**
   * Takes a row; the bytes are copied. With an order, its first field is the key and is not counted to the row. `nulled`
   * is how many of its values are null because no type could hold them.
   */
  add(row: Buffer, nulled = 0): void {
    if (this.#isStopped) return
    const copy = { row: Buffer.from(row), nulled }
    if (this.#full) this.#held.push(copy)
    else this.#take(copy)
    if (this.isBehind) this.#raise()
  }

  #take(taken: Taken): void {
    const { row, nulled } = taken
    const part = this.#part
    const isLarge = part.bytes >= this.#options.partBytes
    if (isLarge && !(this.#options.isOrdered && part.lastRow !== undefined && sameKey(part.lastRow, row))) {
      this.#full = true
      this.#held.push(taken)
      return
    }
    part.rows++
    part.nulled += nulled
    part.bytes += row.length
    part.longestRow = Math.max(part.longestRow, row.length)
    part.lastRow = row
    this.#waiting.push(row)
    this.#waitingBytes += row.length
  }

  end(): void {
    this.#state = this.#state === 'open' ? 'ended' : this.#state
    this.#raise()
  }
  fail(error: Error): void {
    this.#state = error
    this.#raise()
  }
  /** Closes what is open; rows that still come are not kept. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#closeFile()
  }

  async #closeFile(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }

  #raise(): void {
    const news = this.#news
    this.#news = Promise.withResolvers<void>()
    news.resolve()
  }

  /** The next full file, or the rest; undefined when there are no more rows. `resume` asks for more rows. */
  async next(resume: () => void): Promise<SourcePart | undefined> {
    this.#begin()
    for (;;) {
      const news = this.#news.promise
      if (this.#state instanceof Error) throw this.#state
      await this.#flush()
      if (this.#full) return this.#close()
      if (this.#state === 'ended') return this.#part.rows > 0 ? this.#close() : undefined
      if (!this.isBehind) resume()
      await news
    }
  }

  /** Starts the next file with the rows that were held. */
  #begin(): void {
    this.#part = emptyPart()
    this.#full = false
    const held = this.#held
    this.#held = []
    for (const [i, taken] of held.entries()) {
      if (this.#full) {
        this.#held.push(...held.slice(i))
        break
      }
      this.#take(taken)
    }
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const bytes = Buffer.concat(this.#waiting)
      this.#waiting = []
      this.#waitingBytes = 0
      this.#file ??= await open(this.#path(), 'w')
      await this.#file.appendFile(bytes)
    }
  }

  #path = () => join(this.#options.folder, `part-${this.#count}.csv`)

  async #close(): Promise<SourcePart> {
    const path = this.#path()
    await this.#closeFile()
    this.#count++
    const { rows, bytes, longestRow, nulled, lastRow } = this.#part
    const last = this.#options.isOrdered && lastRow !== undefined ? keyOf(lastRow) : undefined
    return { path, rows, bytes, longestRow, nulled, ...(last === undefined ? {} : { last }) }
  }
}

const emptyPart = () => ({
  rows: 0,
  bytes: 0,
  longestRow: 0,
  nulled: 0,
  lastRow: undefined as Buffer | undefined,
})

const quote = 0x22

/** Where the first field of a row ends: just after its closing quote. */
function keyEnd(row: Buffer): number {
  if (row[0] !== quote) return 0
  let at = 1
  for (;;) {
    const found = row.indexOf(quote, at)
    if (found < 0) return row.length
    if (row[found + 1] !== quote) return found + 1
    at = found + 2
  }
}

const sameKey = (a: Buffer, b: Buffer) => a.subarray(0, keyEnd(a)).equals(b.subarray(0, keyEnd(b)))

/** The text of a row's first field. */
const keyOf = (row: Buffer) => row.toString('utf8', 1, keyEnd(row) - 1).replaceAll('""', '"')

/**
 * The parts of rows that arrive, as they are filled, until `arrived` settles; `resume` lets them come on after they were
 * held back. Whoever stops early leaves nothing behind, and is told of no failure that comes of that.
 */
export async function* partsOf(
  parts: PartWriter,
  arrived: Promise<void>,
  resume: () => void,
): AsyncGenerator<NonNullable<Awaited<ReturnType<PartWriter['next']>>>, void> {
  try {
    for (;;) {
      const part = await parts.next(resume)
      if (part === undefined) break
      yield part
    }
    await arrived
  } finally {
    await parts.stop()
    // The last rows may have come along with what follows them, and the answers to other questions come the same way.
    resume()
  }
}
