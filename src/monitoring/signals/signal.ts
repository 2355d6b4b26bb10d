import type { z } from 'zod'
import type { Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { Monitor, PlannedSignal } from '../monitors/monitor.ts'
import type { Populations } from '../populations/population.ts'
import type { SignalResult, SignalValue } from '../results/result.ts'

/** What a signal looks at, and what it may do. */
export interface SignalContext {
  readonly platform: Platform
  /** Aborts when the server stops; the next server calls `advance` again. */
  readonly signal: AbortSignal
  readonly workspaceId: string
  /** Under whose rights things are read and made: the monitor's owner. */
  readonly actor: Actor
  readonly monitor: Monitor
  /** Its sources are prepared, and the most important features, if so many are asked for, are named. */
  readonly planned: PlannedSignal
  /** The run's time: production windows end at it, less their offset. */
  readonly at: Date
  /** The model version that the monitor watches, where it is known. */
  readonly model: Resource | undefined
  readonly populations: Populations
  /** What this signal found in earlier windows, newest first. */
  history(windows: number): Promise<readonly { readonly at: Date; readonly values: readonly SignalValue[] }[]>
  /** Same for every retry of a run: results can be reproduced. */
  readonly seed: number
  /** What the step before this one returned; empty at first. */
  readonly state: Json
  /** Keeps bytes for as long as the installation's cache may, by what they were computed from. */
  cached(key: string, compute: () => Promise<Json>): Promise<Json>
  /** The job of this name within the run, made from `properties` if it is not there yet; the run is looked at when it ends. */
  job(name: string, properties: () => Promise<Json>): Promise<Resource>
  /** Does `work` in the background of this server, once a run: undefined while under way; lost with the server and begun anew. */
  inBackground<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> | undefined
}

export type SignalProgress =
  | { readonly result: SignalResult }
  | { readonly state?: Json; readonly doing: string; readonly again?: number }

/** A mistake in a monitor: `path` leads from the signal to it. */
export interface MonitorMistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What a signal is checked against when its monitor is written: the populations as they would be read now. */
export interface SignalCheck {
  readonly platform: Platform
  readonly workspaceId: string
  readonly actor: Actor
  readonly monitor: Monitor
  readonly planned: PlannedSignal
  readonly model: Resource | undefined
}

/**
 * A kind of signal: a question about production data, asked of one window after another. Level-triggered like a
 * reconciler: `advance` is called until it returns a result, and expects to be killed between any two lines.
 */
export interface Signal<P = Json> {
  /** As YAML calls it: `data_drift`. */
  readonly kind: string
  /** As REST calls it: `DataDrift`. */
  readonly signalType: string
  /** One sentence for help and the signals' page. */
  readonly summary: string
  /** What a monitor may say beyond what all signals have; strict. */
  readonly parameters: z.ZodType<P>
  readonly reference: 'required' | 'optional' | 'none'
  /** True: what it finds in a window may change when labels of its rows come. */
  readonly byLabels?: true
  /** Metrics that may have a threshold, each with its group, its default and the direction in which it is beyond. */
  readonly metrics: readonly SignalMetric[]
  check?(parameters: P, context: SignalCheck): Promise<readonly MonitorMistake[]>
  advance(parameters: P, context: SignalContext): Promise<SignalProgress>
}

export interface SignalMetric {
  /** Snake case, as YAML and results have it. */
  readonly name: string
  /** As REST spells it. */
  readonly wire: string
  readonly group?: 'numerical' | 'categorical'
  readonly threshold?: number
  /** `above`: a value above its threshold is beyond it. */
  readonly beyond: 'above' | 'below'
}
