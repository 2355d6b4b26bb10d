import { connect } from 'node:net'
import { z } from 'zod'
import { ping } from './frames.ts'

const probe = z.object({
  initialDelayMs: z.number().nonnegative(),
  periodMs: z.number().positive(),
  timeoutMs: z.number().positive(),
  successThreshold: z.number().int().positive(),
  failureThreshold: z.number().int().positive(),
})

/** How it is found out whether an instance that is up still answers, as Kubernetes does it. */
export const probeRoutes = z.object({
  /** One that fails it gets no requests until it succeeds again. */
  readiness: probe,
  /** One that fails it is ended and started again. */
  liveness: probe,
})
export type Probes = z.infer<typeof probeRoutes>
type Probe = z.infer<typeof probe>

/** Whether the process behind the socket answers within its time: with any frame, which takes no model. */
export function answers(path: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path })
    const settle = (answered: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answered)
    }
    const timer = setTimeout(() => settle(false), timeoutMs)
    socket.on('connect', () => socket.write(ping))
    socket.on('data', () => settle(true))
    socket.on('error', () => settle(false))
    socket.on('close', () => settle(false))
  })
}

/** Probes one instance from now on; `onChange` is told when it passes or fails by the thresholds, not of each probe. */
export function startProbe(
  path: string,
  { initialDelayMs, periodMs, timeoutMs, successThreshold, failureThreshold }: Probe,
  onChange: (passes: boolean) => void,
): { stop(): void } {
  let passes = true
  let inARow = 0
  let stopped = false
  let timer = setTimeout(look, Math.max(initialDelayMs, periodMs))
  timer.unref()

  function look() {
    void answers(path, timeoutMs).then((answered) => {
      if (stopped) return
      inARow = answered === passes ? 0 : inARow + 1
      if (inARow >= (passes ? failureThreshold : successThreshold)) {
        passes = answered
        inARow = 0
        onChange(passes)
      }
      timer = setTimeout(look, periodMs)
      timer.unref()
    })
  }
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
