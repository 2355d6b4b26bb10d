/** Lets so many work at once; the others wait, first come first served. */
export interface Turns {
  /** Resolves with what ends the turn when it has come. Rejects with the signal's reason if it gives up waiting. */
  take(signal?: AbortSignal): Promise<() => void>
}

export function createTurns(atOnce: number): Turns {
  const queue: (() => void)[] = []
  let free = atOnce

  const end = () => {
    const next = queue.shift()
    if (next === undefined) free++
    else next()
  }
  return {
    async take(signal) {
      signal?.throwIfAborted()
      if (free > 0) free--
      else
        await new Promise<void>((resolve, reject) => {
          const come = () => {
            signal?.removeEventListener('abort', leave)
            resolve()
          }
          const leave = () => {
            queue.splice(queue.indexOf(come), 1)
            reject(signal?.reason as Error)
          }
          queue.push(come)
          signal?.addEventListener('abort', leave, { once: true })
        })
      let isOver = false
      return () => {
        if (!isOver) end()
        isOver = true
      }
    },
  }
}
