import { mkdirSync, watch, type FSWatcher } from 'node:fs'
import type { Platform } from '../kernel/platform.ts'
import { stopGateway, superviseGateway } from './routing/gateway-process.ts'
import { deploymentsReconciler } from './deployments/deployment.ts'
import { socketsFolder } from './routing/folders.ts'
import { watchLoad } from './scaling/load.ts'

/** What one server keeps of serving while it runs; nothing of it is missed when it is lost. */
export interface Serving {
  readonly signal: AbortSignal
  /** Sees that the gateway runs, from the first call on; resolves when its address is known. */
  gateway(): Promise<void>
  /** Ends the gateway until it is called for again: there is nothing to serve. */
  dismissGateway(): Promise<void>
  /** Calls `wake` when the process ends or its socket appears. Again with each call only for another process. */
  watch(process: string, wake: () => void): void
  /**
   * Does `work` under a name, once, and calls `done` when it is over. `undefined` while it is under way; then, once,
   * what came of it. Another `version` of the same name replaces it.
   */
  inBackground<T>(
    name: string,
    version: string,
    work: (signal: AbortSignal) => Promise<T>,
    done: () => void,
  ): Settled<T> | undefined
  /** Aborts the work under this name. */
  abandon(name: string): void
  stop(): void
}

export type Settled<T> = { readonly value: T } | { readonly error: unknown }

const running = new WeakMap<Platform, Serving>()

/** The serving of a platform that has been started. */
export function servingOf(platform: Platform): Serving {
  const serving = running.get(platform) ?? startServing(platform)
  running.set(platform, serving)
  return serving
}

/** Leaves everything as it is: gateway and instances go on, and nobody here looks after them any more. */
export const stopServing = (platform: Platform): void => running.get(platform)?.stop()

function startServing(platform: Platform): Serving {
  const stopping = new AbortController()
  const { signal } = stopping
  const processes = new Map<string, () => void>()
  const sockets = socketWatch(platform.config.home, (name) => processes.get(name)?.())
  const load = watchLoad(platform.config.home, (deployment) =>
    platform.wake(deploymentsReconciler, deployment),
  )
  const works = new Map<string, { version: string; aborter: AbortController; settled?: Settled<unknown> }>()
  let gateway: { readonly up: Promise<void>; readonly dismissal: AbortController } | undefined
  let dismissed = Promise.resolve()

  const abandon = (name: string) => {
    works.get(name)?.aborter.abort()
    works.delete(name)
  }

  return {
    signal,
    gateway() {
      if (gateway) return gateway.up
      const dismissal = new AbortController()
      const up = dismissed
        .then(() => superviseGateway(platform, AbortSignal.any([signal, dismissal.signal])))
        .then(
          (url) => void (platform.urls.gateway = url),
          (error: unknown) => {
            gateway = undefined
            dismissal.abort()
            throw error
          },
        )
      gateway = { up, dismissal }
      return up
    },
    async dismissGateway() {
      const before = gateway
      gateway = undefined
      before?.dismissal.abort()
      dismissed = (before?.up ?? dismissed).catch(() => {}).then(() => stopGateway(platform))
      await dismissed
    },
    watch(process, wake) {
      const known = processes.has(process)
      processes.set(process, wake)
      if (known) return
      platform.compute.wait(process, signal).then(
        () => {
          processes.delete(process)
          wake()
        },
        (error: unknown) => {
          processes.delete(process)
          if (!signal.aborted) platform.log.warn('an instance cannot be watched', { process, error })
        },
      )
    },
    inBackground<T>(
      name: string,
      version: string,
      work: (signal: AbortSignal) => Promise<T>,
      done: () => void,
    ) {
      const before = works.get(name)
      if (before?.version === version) {
        if (before.settled === undefined) return undefined
        works.delete(name)
        return before.settled as Settled<T>
      }
      abandon(name)
      const aborter = new AbortController()
      const item: { version: string; aborter: AbortController; settled?: Settled<unknown> } = {
        version,
        aborter,
      }
      works.set(name, item)
      const settle = (settled: Settled<unknown>) => {
        item.settled = settled
        if (!aborter.signal.aborted && !signal.aborted) done()
      }
      work(AbortSignal.any([signal, aborter.signal])).then(
        (value) => settle({ value }),
        (error: unknown) => settle({ error }),
      )
      return undefined
    },
    abandon,
    stop() {
      stopping.abort()
      sockets.close()
      load.close()
      running.delete(platform)
    },
  }
}

/** Tells of each socket that appears, by the id of its process. */
function socketWatch(home: string, onAppear: (process: string) => void): FSWatcher {
  const folder = socketsFolder(home)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return watch(folder, (_, name) => {
    if (name?.endsWith('.sock')) onAppear(name.slice(0, -'.sock'.length))
  })
}
