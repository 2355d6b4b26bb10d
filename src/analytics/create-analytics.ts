import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { AnalyticsError, type Analytics, type Session, type SessionOptions } from './analytics.ts'
import { startChild, type Child } from './child-process.ts'
import { sessionOf } from './session.ts'
import { createTurns } from './turns.ts'

export interface AnalyticsLimits {
  /** Memory that one session may take, in bytes. */
  readonly memoryBytes: number
  /** Sessions at once. */
  readonly sessions: number
}

/** A child that has nothing to do is kept so long: starting one takes longer than most questions. */
const idleMs = 60_000

/** Analytics in child processes that spill below `folder`, which is emptied first. */
export function createAnalytics(folder: string, limits: AnalyticsLimits): Analytics {
  rmSync(folder, { recursive: true, force: true })
  const idle: { readonly child: Child; readonly timer: NodeJS.Timeout }[] = []
  const busy = new Set<Child>()
  const turns = createTurns(limits.sessions)
  let started = 0
  let stopped = false

  const take = (): Child => {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
      clearTimeout(kept.timer)
      if (kept.child.alive) return kept.child
    }
    return startChild(join(folder, String(++started)))
  }
  const giveBack = (child: Child) => {
    busy.delete(child)
    if (!child.alive) return
    if (stopped) return child.kill(stopping())
    const timer = setTimeout(() => child.kill(stopping()), idleMs).unref()
    idle.push({ child, timer })
  }

  return {
    async session(options, use) {
      const done = await turns.take(options.signal)
      try {
        if (stopped) throw stopping()
        const child = take()
        busy.add(child)
        try {
          return await during(child, options, () => converse(child, options, limits, use))
        } finally {
          giveBack(child)
        }
      } finally {
        done()
      }
    },
    async stop() {
      stopped = true
      for (const { child, timer } of idle.splice(0)) {
        clearTimeout(timer)
        child.kill(stopping())
      }
      for (const child of busy) child.kill(stopping())
    },
  }
}

const stopping = () => new AnalyticsError('lost', 'The server is stopping. Ask again when it is back.')

/** Opens a database in the child, and leaves the child without one. */
async function converse<T>(
  child: Child,
  { reads = [], writes = [] }: SessionOptions,
  { memoryBytes }: AnalyticsLimits,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const settings = { reads, writes, memoryBytes, threads: availableParallelism(), spill: child.spill }
  try {
    await child.ask({ do: 'open', settings })
    return await use(sessionOf(child))
  } finally {
    // What still runs when its asker has gone is nobody's: its process ends rather than be waited for.
    if (child.busy) child.kill(stopping())
    if (child.alive) await child.ask({ do: 'close' })
  }
}

/** Ends the child when the time is over or the asker gives up, whatever it is doing. */
async function during<T>(
  child: Child,
  { timeoutMs, signal }: SessionOptions,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const abort = () => child.kill(signal?.reason as Error)
  const tooLong = () =>
    child.kill(new AnalyticsError('timeout', `The question took longer than ${Number(timeoutMs) / 1000} s.`))
  const timer = timeoutMs === undefined ? undefined : setTimeout(tooLong, timeoutMs)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await work()
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
