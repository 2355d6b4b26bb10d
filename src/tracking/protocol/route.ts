import type { z } from 'zod'
import type { Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { RunLog } from '../../store/tracking/log.ts'

/** A call of MLflow's API: who calls, in which workspace. */
export interface Call {
  readonly platform: Platform
  readonly actor: Actor
  /** Id of the workspace as it is shown; for what concerns models it may be a registry's. */
  readonly workspace: string
  /** Where the API of this workspace or registry is: `http://…/mlflow/v2.0{its id}`. */
  readonly base: string
  /** Key of the workspace, by which the store's rows are found. */
  readonly scope: string
  /** Container of the workspace's artifacts. */
  readonly container: string
  /** Container of what people uploaded, readable beside the artifacts. */
  readonly blobstore: string
  readonly runLog: RunLog
  /** Milliseconds since 1970. */
  readonly now: number
}

/** One endpoint of MLflow's REST API, as data: from it come routing, validation and authorisation. */
export interface MlflowRoute<I = never> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/2.0`, with `:name` for parts that join the input. */
  readonly path: string
  /** Azure's operation that the actor needs at the workspace, below `Microsoft.MachineLearningServices/workspaces/`. */
  readonly operation: string
  readonly input: z.ZodType<I>
  /** The answer as JSON; undefined fields are left out. */
  handle(input: I, call: Call): Promise<object>
}

/** A route whose input type is known only to itself. */
export type AnyRoute = MlflowRoute<unknown>

/** Declares a route; its input's type follows from its schema. */
export const route = <I>(declaration: MlflowRoute<I>): AnyRoute => declaration

export const operations = {
  readExperiments: 'experiments/read',
  writeExperiments: 'experiments/write',
  deleteExperiments: 'experiments/delete',
  readRuns: 'experiments/runs/read',
  writeRuns: 'experiments/runs/write',
  deleteRuns: 'experiments/runs/delete',
  readModels: 'models/read',
  writeModels: 'models/write',
  deleteModels: 'models/delete',
} as const
