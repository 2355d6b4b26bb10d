import { fork } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AnalyticsError } from './analytics.ts'
import type { Answers, Order, Reply } from './messages.ts'

const own = fileURLToPath(import.meta.url)
const program = join(dirname(own), 'child', `main${extname(own)}`)

/** One child process, for one session after another. */
export interface Child {
  /** Throws an `AnalyticsError`; `lost` if the child has ended or ends before it answers. */
  ask<K extends Order['do']>(order: Extract<Order, { do: K }>): Promise<Answers[K]>
  /** Ends the process at once; what was asked of it fails with the reason. */
  kill(reason: Error): void
  readonly alive: boolean
  /** True while something that was asked is not answered. */
  readonly busy: boolean
  /** Where it spills what does not fit into memory. */
  readonly spill: string
}

/** Signals by which a process ends that has made a mistake, and would make it again. */
const crashes: readonly unknown[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE']

function endOf(code: number | null, signal: NodeJS.Signals | null): AnalyticsError {
  if (crashes.includes(signal))
    return new AnalyticsError(
      'crash',
      `DuckDB crashed over these data or this question (${signal}): something in them is nested too deeply, broken, or larger than it can hold.`,
    )
  const how =
    signal === 'SIGKILL'
      ? 'was killed, perhaps for want of memory on the machine'
      : `ended (${signal ?? code})`
  return new AnalyticsError('lost', `The process that answers questions about data ${how}. Ask again.`)
}

/** Starts a child whose spilled data, below `spill`, goes with it. */
export function startChild(spill: string): Child {
  // The zone is fixed because DuckDB's client writes timestamps in that of the process.
  const { PATH = '', LD_LIBRARY_PATH } = process.env
  const process_ = fork(program, {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH, TZ: 'UTC', ...(LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }) },
  })
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  let asked = 0
  let ended: Error | undefined

  const end = (reason: Error) => {
    ended ??= reason
    for (const asker of waiting.values()) asker.reject(ended)
    waiting.clear()
  }
  process_.on('message', (reply: Reply) => {
    const asker = waiting.get(reply.id)
    waiting.delete(reply.id)
    // An idle child must not keep the server from ending.
    if (waiting.size === 0) process_.channel?.unref()
    if ('failed' in reply) asker?.reject(new AnalyticsError(reply.failed.kind, reply.failed.message))
    else asker?.resolve(reply.answer)
  })
  process_.once('exit', (code, signal) => {
    end(endOf(code, signal))
    rmSync(spill, { recursive: true, force: true })
  })
  process_.once('error', (cause) =>
    end(
      new AnalyticsError('lost', `The process that answers questions about data cannot be started.`, {
        cause,
      }),
    ),
  )
  process_.unref()
  process_.channel?.unref()

  return {
    ask(order) {
      if (ended !== undefined) return Promise.reject(ended)
      const id = ++asked
      process_.channel?.ref()
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: (answer) => resolve(answer as never), reject })
        process_.send({ id, ...order }, (error) => {
          if (error !== null) end(new AnalyticsError('lost', error.message, { cause: error }))
        })
      })
    },
    kill(reason) {
      end(reason)
      process_.kill('SIGKILL')
    },
    get alive() {
      return ended === undefined
    },
    get busy() {
      return waiting.size > 0
    },
    spill,
  }
}
