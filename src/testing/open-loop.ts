import { Agent, request } from 'node:http'

/** One request of the load: when it was due and when it was answered, in milliseconds of `performance.now`. */
export interface Shot {
  readonly due: number
  readonly answered: number
  /** 0 where there was no answer. */
  readonly status: number
  readonly deployment: string | undefined
  readonly reason: string | undefined
}

/**
 * Sends `rate` requests a second from now on, each when it is due, whatever became of those before: what a stalled
 * server would have got is sent, and its wait is counted from when it was due.
 */
export function openLoop(
  url: string,
  of: {
    readonly rate: number
    readonly body: string
    /** The same for all, or each by its number. */
    readonly headers:
      | Readonly<Record<string, string>>
      | ((number: number) => Readonly<Record<string, string>>)
    /**
     * How often it is looked what is due; default 5. What is sent late by that is counted as waiting: 0 looks all the time
     * when the next is near, for measuring.
     */
    readonly tickMs?: number
    /** Whether connections are used again; default true. */
    readonly keepAlive?: boolean
  },
) {
  const agent = new Agent({ keepAlive: of.keepAlive ?? true })
  const shots: Shot[] = []
  const under = new Set<Promise<void>>()
  const began = performance.now()
  let sent = 0

  const send = (due: number, number: number) =>
    new Promise<void>((resolve) => {
      const done = (status: number, deployment?: string, reason?: string) => {
        shots.push({ due, answered: performance.now(), status, deployment, reason })
        resolve()
      }
      const headers = typeof of.headers === 'function' ? of.headers(number) : of.headers
      const sending = request(url, { method: 'POST', agent, headers }, (response) => {
        const { headers, statusCode = 0 } = response
        response.resume().on('end', () => {
          const reason = headers['ms-azureml-model-error-reason']
          done(
            statusCode,
            headers['azureml-model-deployment'] as string | undefined,
            reason as string | undefined,
          )
        })
      })
      sending.on('error', (error) => done(0, undefined, error.message))
      sending.end(of.body)
    })

  const dueAt = (number: number) => began + (number * 1000) / of.rate
  function sendDue() {
    for (; dueAt(sent) <= performance.now(); sent++) {
      const shot = send(dueAt(sent), sent)
      under.add(shot)
      void shot.then(() => under.delete(shot))
    }
  }
  const stopTicking = of.tickMs === 0 ? asNear(sendDue, () => dueAt(sent)) : every(of.tickMs ?? 5, sendDue)

  return {
    shots,
    /** Resolves when so many more have been answered. */
    async more(count: number): Promise<void> {
      const wanted = shots.length + count
      while (shots.length < wanted) await new Promise((resolve) => setTimeout(resolve, 5))
    },
    /** Sends no more, and resolves when all have been answered. */
    async stop(): Promise<void> {
      stopTicking()
      await Promise.all(under)
      agent.destroy()
    },
  }
}

function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms)
  return () => clearInterval(timer)
}

/** Sleeps until shortly before the next is due, as timers have milliseconds, and then looks at every turn of the event loop. */
function asNear(act: () => void, dueAt: () => number): () => void {
  let ended = false
  const turn = () => {
    if (ended) return
    act()
    const wait = dueAt() - performance.now()
    if (wait > 2) setTimeout(turn, wait - 2)
    else setImmediate(turn)
  }
  turn()
  return () => void (ended = true)
}
