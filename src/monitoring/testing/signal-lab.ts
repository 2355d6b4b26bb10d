import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Analytics } from '../../analytics/analytics.ts'
import { createAnalytics } from '../../analytics/create-analytics.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { Monitor, PlannedSignal } from '../monitors/monitor.ts'
import { NoData } from '../populations/population.ts'
import type { SignalResult } from '../results/result.ts'
import type { Signal, SignalContext } from '../signals/signal.ts'
import { localPopulations, type LocalRows } from './local-populations.ts'

/** What a signal is asked in a test. All but the rows may be left out. */
export interface Asked {
  readonly production?: LocalRows
  readonly reference?: LocalRows
  readonly planned?: Partial<PlannedSignal>
  readonly monitor?: Partial<Monitor>
  readonly model?: Resource
  readonly at?: Date
  readonly seed?: number
  readonly history?: Awaited<ReturnType<SignalContext['history']>>
  /** Answers for a job that the signal makes: the resource as it has ended. */
  readonly job?: (name: string, properties: Json) => Promise<Resource>
  /** A server's platform, for what more than analytics is asked of it, and its workspace. */
  readonly platform?: Platform
  readonly workspaceId?: string
}

/** A place to try signals without a server: rows in, result out. */
export interface SignalLab {
  readonly analytics: Analytics
  /** For files of the test; removed at the end. */
  readonly folder: string
  /** The context of one step, e.g. for a function that takes one. */
  context(asked: Asked): SignalContext
  /** Advances the signal until it has a result; `NoData` is the result `no_data`, as in a run. */
  run<P>(signal: Signal<P>, asked: Asked): Promise<SignalResult>
  /** The same, of a signal that is expected to compute something. */
  compute<P>(signal: Signal<P>, asked: Asked): Promise<Extract<SignalResult, { outcome: 'computed' }>>
  end(): Promise<void>
}

/** A signal takes so many steps at most in a test: one that goes on has lost its way. */
const mostSteps = 100

export function openSignalLab(memoryBytes: number = 512 * 2 ** 20): SignalLab {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const analytics = createAnalytics(join(folder, 'analytics'), { memoryBytes, sessions: 2 })
  const kept = new Map<string, Promise<Json>>()

  const start = (asked: Asked) => {
    const { at = new Date('2026-11-01T00:00:00Z'), planned: told = {} } = asked
    const planned: PlannedSignal = { ...plainSignal, ...told }
    const works = new Map<string, { readonly promise: Promise<unknown>; over: boolean }>()
    const jobs = new Map<string, Promise<Resource>>()
    const context: SignalContext = {
      // Signals ask of it what they are given here; a test that needs more gives a server's.
      platform: asked.platform ?? ({ analytics, clock: () => at } as unknown as Platform),
      signal: new AbortController().signal,
      workspaceId:
        asked.workspaceId ??
        '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w',
      actor: { id: 'tester', name: 'tester', kind: 'User', confinedTo: '' },
      monitor: { name: 'test', signals: [planned], emails: [], periodMs: 86_400_000, ...asked.monitor },
      planned,
      at,
      model: asked.model,
      populations: localPopulations({ analytics, folder }, asked, planned.types),
      history: async (windows) => (asked.history ?? []).slice(0, windows),
      seed: asked.seed ?? 7,
      state: {},
      cached(key, compute) {
        const known = kept.get(key) ?? compute()
        kept.set(key, known)
        // What could not be computed is asked anew.
        known.catch(() => kept.delete(key))
        return known
      },
      job(name, properties) {
        const { job } = asked
        if (job === undefined) throw new Error(`The test answers for no job; the signal made '${name}'.`)
        const made = jobs.get(name) ?? properties().then((value) => job(name, value))
        jobs.set(name, made)
        return made
      },
      inBackground<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> | undefined {
        const known = works.get(name)
        if (known?.over === true) return known.promise as Promise<T>
        if (known !== undefined) return undefined
        const promise = work(new AbortController().signal)
        const entry = { promise, over: false }
        works.set(name, entry)
        promise.then(
          () => (entry.over = true),
          () => (entry.over = true),
        )
        return undefined
      },
    }
    return { context, settled: () => Promise.allSettled([...works.values()].map(({ promise }) => promise)) }
  }

  const run: SignalLab['run'] = async (signal, asked) => {
    const { context, settled } = start(asked)
    const parameters = signal.parameters.parse(context.planned.parameters)
    let state: Json = {}
    try {
      for (let step = 0; step < mostSteps; step++) {
        const progress = await signal.advance(parameters, { ...context, state })
        if ('result' in progress) return progress.result
        state = progress.state ?? state
        await settled()
      }
    } catch (error) {
      if (error instanceof NoData) return { outcome: 'no_data', reason: error.message }
      throw error
    }
    throw new Error(`${signal.kind} has no result after ${mostSteps} steps.`)
  }

  return {
    analytics,
    folder,
    context: (asked) => start(asked).context,
    run,
    async compute(signal, asked) {
      const result = await run(signal, asked)
      if (result.outcome === 'no_data') throw new Error(`no data: ${result.reason}`)
      return result
    },
    async end() {
      await analytics.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const whole = { context: undefined, window: { kind: 'whole' }, columns: {} } as const

/** A signal as a monitor plans it that says nothing. */
export const plainSignal: PlannedSignal = {
  name: 'test',
  kind: 'test',
  production: [whole],
  reference: whole,
  features: { all: true },
  types: {},
  segments: [],
  thresholds: { constant: {}, correction: 'none' },
  alertEnabled: true,
  parameters: {},
}
