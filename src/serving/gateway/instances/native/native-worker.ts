import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Reply, ScoringRequest } from '../instance.ts'
import { type Batch, concatenated, type FromWorker } from './messages.ts'

const program = new URL(`./worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url)

/** Requests that are handed to the worker at once, at most; and batches that it may have before it has answered. */
const mostTogether = 64
const batchesUnderWay = 1
/** Restarts after a worker's end wait 0, 0.25, 0.5, 1 … seconds. */
const backOff = { firstMs: 250, longestMs: 30_000, steadyMs: 60_000 }

/** What came of a request: `declined` is for Python to answer. */
export type NativeResult = Reply | 'declined' | 'lost'

interface Entry {
  readonly request: ScoringRequest
  readonly settle: (result: NativeResult) => void
}

/**
 * A compiled model in a thread of its own. Requests that come in one turn, or while the thread is busy, are scored
 * together; when it is idle none waits for another. A thread that ends loses what it has under way and is started again.
 */
export class NativeWorker {
  readonly #thread: URL
  readonly #folder: string
  readonly #onChange: (problem?: unknown) => void
  #worker: Worker | undefined
  #ready = false
  #closed = false
  #pending: Entry[] = []
  #scheduled = false
  readonly #underWay: Entry[][] = []
  #startedAt = 0
  #endsInARow = 0
  #restart: NodeJS.Timeout | undefined

  /** `onChange` is called when it becomes ready, and with the problem when the thread has ended. */
  constructor(folder: string, onChange: (problem?: unknown) => void, thread: URL = program) {
    this.#thread = thread
    this.#folder = folder
    this.#onChange = onChange
    this.#start()
  }

  get ready(): boolean {
    return this.#ready
  }

  /** To be called only while it is `ready`. `settle` is called once, never in the same turn. */
  submit(request: ScoringRequest, settle: (result: NativeResult) => void): void {
    this.#pending.push({ request, settle })
    if (this.#scheduled) return
    this.#scheduled = true
    // At the end of the turn, when all that came in it is here.
    setImmediate(() => {
      this.#scheduled = false
      this.#flush()
    })
  }

  /** Ends the thread when what it has is answered. */
  close(): void {
    this.#closed = true
    this.#ready = false
    clearTimeout(this.#restart)
    this.#endIfDone()
  }

  #start() {
    this.#startedAt = performance.now()
    const worker = new Worker(this.#thread, { workerData: { folder: this.#folder }, name: 'native-model' })
    let problem: unknown
    worker.on('message', (message: FromWorker) => {
      if (!('ready' in message)) return this.#take(message)
      if (this.#closed) return this.#endIfDone()
      this.#ready = true
      this.#onChange()
    })
    worker.on('error', (error) => {
      problem = error
    })
    worker.on('exit', () => this.#ended(problem ?? new Error('the thread of a model ended')))
    this.#worker = worker
  }

  #flush() {
    while (this.#pending.length > 0 && this.#ready && this.#underWay.length < batchesUnderWay) {
      const entries = this.#pending.splice(0, mostTogether)
      const requests = entries.map(({ request }): Batch['requests'][number] => {
        const { operation, contentType, requestId, model } = request
        if (operation === 'score' && contentType === 'application/json') return 0
        return { operation, contentType, requestId, model }
      })
      const batch: Batch = { requests, ...concatenated(entries.map(({ request }) => request.body)) }
      this.#underWay.push(entries)
      this.#worker?.postMessage(batch, [batch.bytes.buffer])
    }
    if (!this.#ready && !this.#closed) this.#lose()
  }

  #take(message: Exclude<FromWorker, { readonly ready: true }>) {
    const entries = this.#underWay.shift() ?? []
    const bytes = Buffer.from(message.bytes.buffer)
    // What has waited goes to the thread before the answers are dealt with, so that it need not.
    this.#flush()
    for (const [index, { settle }] of entries.entries()) {
      const rows = message.rows[index] ?? 0
      const from = index === 0 ? 0 : (message.ends[index - 1] ?? 0)
      settle(
        rows === 0
          ? 'declined'
          : {
              status: 200,
              contentType: 'application/json',
              body: bytes.subarray(from, message.ends[index]),
              milliseconds: message.milliseconds,
              rows,
              together: message.together[index] ?? 1,
            },
      )
    }
    this.#endIfDone()
  }

  #ended(problem: unknown) {
    this.#worker = undefined
    this.#ready = false
    const lost = this.#underWay.splice(0).flat()
    for (const { settle } of lost) settle('lost')
    if (this.#closed) return
    const steady = performance.now() - this.#startedAt > backOff.steadyMs
    const wait = steady || this.#endsInARow === 0 ? 0 : backOff.firstMs * 2 ** (this.#endsInARow - 1)
    this.#endsInARow = steady ? 1 : this.#endsInARow + 1
    this.#restart = setTimeout(() => this.#start(), Math.min(wait, backOff.longestMs))
    this.#lose()
    this.#onChange(problem)
  }

  /** What no thread has begun on is Python's. */
  #lose() {
    for (const { settle } of this.#pending.splice(0)) settle('declined')
  }

  #endIfDone() {
    if (!this.#closed || this.#underWay.length > 0 || this.#pending.length > 0) return
    void this.#worker?.terminate()
  }
}
