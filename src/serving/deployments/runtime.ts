import type { Probes } from '../gateway/instances/probes.ts'
import { sentenceOf, type Proof, type Verdict } from './native/verdict.ts'
import type { ModelMetadata } from './revision/signature.ts'

/** What a deployment's instances run from: made once for each combination of model, code, environment and variables. */
export interface Revision {
  /** Hash of what the processes are made of: the same one needs no new processes. */
  readonly id: string
  /** The environment's interpreter. */
  readonly python: string
  /** AZUREML_MODEL_DIR; undefined for a deployment without a model. */
  readonly modelFolder?: string
  /** Folder of the code and the script in it; neither for an MLflow model served without code. */
  readonly source?: string
  readonly script?: string
  readonly variables: Readonly<Record<string, string>>
  readonly openapi: Readonly<Record<string, unknown>>
  readonly metadata: ModelMetadata
  /** Version of MLflow that the model was saved with, if it was. */
  readonly mlflowVersion?: string
  /** Whether requests are answered by a compiled model or by Python, and why; none for a script. */
  readonly verdict?: Verdict
}

/** A revision with how many instances of it there are to be, and what the gateway must know of them. */
export interface Stage extends Revision {
  /** Ids of the instances' processes, which are also the names of their sockets. */
  readonly processes: readonly string[]
  readonly concurrency: number
  readonly requestTimeoutMs: number
  readonly queueWaitMs?: number
  readonly probes: Probes
  /** Whether the number of instances follows the load. */
  readonly elastic: boolean
  /** Where there may be no instance at all: how long the first may take to come up, in milliseconds. */
  readonly asleepMs?: number
  /** How long an instance may take to be ready, in milliseconds. */
  readonly startMs: number
  /** When it was begun, in milliseconds since 1970. */
  readonly begunAt: number
}

/** Where a deployment stands, kept in its status under `runtime`; every process that may exist is named in it. */
export interface Runtime {
  /** What takes requests. */
  readonly serving?: Stage | null
  /** What is being brought up to take its place. */
  readonly coming?: Stage | null
  /** How many instances the load asks for, where it decides. */
  readonly instances?: number
  /** True from when other instances serve until the gateway's table says so. */
  readonly unpublished?: boolean
  /** Processes that are to end. */
  readonly retiring?: readonly string[]
  /** Instances that have died: how often in a row, and when last. */
  readonly restarts?: Readonly<Record<string, { readonly count: number; readonly at: number }>>
  /** Generation of what was asked for that cannot be brought up, and the revision that it was to be. */
  readonly failedGeneration?: number | null
  readonly failedRevision?: string
}

/**
 * What a deployment shows of it: `runtime`, by what its requests are answered and why, as one line, and `runtimeProof`.
 * Neither is there before it serves.
 */
export function shownRuntime(runtime: Runtime | undefined): {
  readonly runtime: string | undefined
  readonly runtimeProof?: Proof
} {
  const stage = runtime?.serving
  if (!stage) return { runtime: undefined }
  const { verdict } = stage
  if (verdict === undefined) return { runtime: stage.script ? 'python (scoring script)' : 'python' }
  return { runtime: sentenceOf(verdict), ...(verdict.kind === 'onnx' ? { runtimeProof: verdict.proof } : {}) }
}
