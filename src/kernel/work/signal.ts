/** Tells waiters inside this process that there may be something new. */
export interface Signal {
  raise(): void
  /** Resolves at the next `raise`. Take it before looking, so that a raise between looking and waiting is not lost. */
  next(): Promise<void>
  /** Resolves at the next raise (or at `woken`, if given), after `ms`, or when aborted: whichever comes first. */
  wait(ms: number, signal: AbortSignal, woken?: Promise<void>): Promise<void>
}

export function createSignal(): Signal {
  let raised = Promise.withResolvers<void>()
  return {
    raise() {
      const before = raised
      raised = Promise.withResolvers<void>()
      before.resolve()
    },
    next: () => raised.promise,
    async wait(ms, signal, woken = raised.promise) {
      if (signal.aborted) return
      const done = Promise.withResolvers<void>()
      const timer = setTimeout(done.resolve, Math.min(ms, 2 ** 31 - 1))
      const aborted = () => done.resolve()
      signal.addEventListener('abort', aborted, { once: true })
      void woken.then(done.resolve)
      await done.promise
      clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
    },
  }
}
