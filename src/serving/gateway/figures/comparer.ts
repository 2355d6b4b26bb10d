import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Batch, BatchCompared, Sample } from './comparison.ts'
import type { Ticket, Watch } from './watch.ts'

const program = new URL(`./comparing-thread${extname(fileURLToPath(import.meta.url))}`, import.meta.url)

/** What waits for the thread at most, in bytes, and how long one answer may be; what is beyond is not looked at. */
const mostBytes = 4 * 1024 * 1024
const longestAnswer = 64 * 1024
/** Samples go to the thread together after so long. */
const togetherMs = 100

/**
 * Has answers looked at by a thread of their own. It never waits and never throws: what the thread has no room for is not
 * looked at, and neither is anything if it fails.
 */
export function createComparer(onError: (error: unknown) => void = () => {}) {
  const under = new Map<number, { readonly watch: Watch; readonly epoch: number; readonly bytes: number }>()
  let waiting = new Map<Watch, { readonly epoch: number; readonly samples: Sample[]; bytes: number }>()
  let thread: Worker | undefined
  let timer: NodeJS.Timeout | undefined
  let bytes = 0
  let numbers = 0

  function start(): Worker {
    const worker = new Worker(program, { name: 'comparing-answers' })
    worker.unref()
    worker.on('message', ({ number, compared }: BatchCompared) => {
      const batch = under.get(number)
      if (batch === undefined) return
      under.delete(number)
      bytes -= batch.bytes
      batch.watch.take(batch.epoch, compared)
    })
    worker.on('error', onError)
    worker.on('exit', () => {
      if (thread !== worker) return
      thread = undefined
      for (const batch of under.values()) bytes -= batch.bytes
      under.clear()
    })
    return worker
  }

  function send() {
    timer = undefined
    const batches = waiting
    waiting = new Map()
    if (batches.size === 0) return
    thread ??= start()
    for (const [watch, { epoch, samples, bytes: size }] of batches) {
      const number = ++numbers
      under.set(number, { watch, epoch, bytes: size })
      thread.postMessage({ number, samples } satisfies Batch, [])
    }
  }

  return {
    /** Takes the answer of a request, with the one that a copy of it got, if there is room. */
    offer(
      { watch, epoch, arm }: Ticket,
      body: Buffer,
      shadow?: { readonly arm: string; readonly body: Buffer },
    ) {
      const size = body.length + (shadow?.body.length ?? 0)
      if (Math.max(body.length, shadow?.body.length ?? 0) > longestAnswer || bytes + size > mostBytes) return
      bytes += size
      const known = waiting.get(watch)
      const batch = known?.epoch === epoch ? known : { epoch, samples: [], bytes: 0 }
      if (known !== undefined && known !== batch) bytes -= known.bytes
      waiting.set(watch, batch)
      batch.bytes += size
      batch.samples.push({
        arm,
        body: body.toString(),
        ...(shadow === undefined ? {} : { shadow: { arm: shadow.arm, body: shadow.body.toString() } }),
      })
      timer ??= setTimeout(send, togetherMs).unref()
    },
    /** Ends the thread until there is something to look at again. */
    rest(): void {
      void thread?.terminate()
    },
  }
}

export type Comparer = ReturnType<typeof createComparer>
