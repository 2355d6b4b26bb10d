import { z } from 'zod'
import type { Actor } from '../../kernel/access/access.ts'
import type { ProcessTotals } from '../../compute/compute.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { ComponentOutput } from '../components/spec.ts'
import type { JobStatus } from './status.ts'

const map = z.record(z.string(), z.unknown())
const text = z.string()

/** Azure's job kinds. Commands, pipelines and their steps that import data are run; the others are refused by name. */
export const jobTypes = [
  'Command',
  'Pipeline',
  'DataTransfer',
  'Sweep',
  'AutoML',
  'Spark',
  'Labeling',
  'FineTuning',
] as const

/**
 * A job as Azure Resource Manager has it. What is not named here (notification settings, queue settings, whatever a
 * newer client adds) is kept and given back.
 */
export const jobSchema = z.looseObject({
  jobType: text,
  displayName: text.nullish(),
  description: text.nullish(),
  experimentName: text.nullish(),
  tags: map.nullish(),
  properties: map.nullish(),
  isArchived: z.boolean().nullish(),
  computeId: text.nullish(),
  componentId: text.nullish(),
  inputs: map.nullish(),
  outputs: map.nullish(),
  services: map.nullish(),
  // Command
  command: text.nullish(),
  codeId: text.nullish(),
  environmentId: text.nullish(),
  environmentVariables: map.nullish(),
  limits: map.nullish(),
  resources: map.nullish(),
  distribution: map.nullish(),
  // Pipeline
  jobs: map.nullish(),
  settings: map.nullish(),
  /** The pipeline of which it takes over what is still the same: see `rerun/resume.ts`. */
  resumedFrom: text.nullish(),
  // Data transfer
  source: map.nullish(),
  // What only the platform may say, of the steps that it submits itself.
  parentJobName: text.nullish(),
  stepName: text.nullish(),
  isDeterministic: z.boolean().nullish(),
  forceRerun: z.boolean().nullish(),
  defaultDatastore: text.nullish(),
})
export type JobProperties = z.infer<typeof jobSchema>

/** Where an output of a finished job is. */
export interface JobResult {
  readonly type: ComponentOutput['type']
  /** `azureml://subscriptions/…/datastores/{d}/paths/{p}`, as jobs take it as an input. */
  readonly uri: string
  /** Of its content, where it can be told. */
  readonly digest?: string
  /** The asset that was made of it. */
  readonly assetId?: string
}

/** A step of a pipeline: which job it became, and how that went. */
export interface StepRecord {
  readonly job?: string
  readonly state: 'active' | 'completed' | 'failed' | 'canceled' | 'skipped'
  /** Why it could not become a job. */
  readonly problem?: string
}

/** What the platform knows of a job. */
export interface JobState {
  readonly status: JobStatus
  readonly error?: { readonly code: string; readonly message: string }
  readonly warnings?: readonly string[]
  /** ISO times. */
  readonly startTime?: string
  readonly endTime?: string
  /** Principal under whose rights it runs. */
  readonly submittedBy: string
  /** That principal, for what is done in its name. */
  readonly owner?: Pick<Actor, 'id' | 'name' | 'kind'>
  /** The asset that Azure's clients submitted it to make. */
  readonly assetName?: string
  /** Whether somebody submitted it, or a pipeline as its step. */
  readonly level: 'job' | 'step'
  /** The topmost pipeline that it is a part of; itself if of none. */
  readonly rootJobName: string
  /** References of its inputs, with labels resolved to the versions that they meant at submission. */
  readonly pinned: Readonly<Record<string, string>>
  /** Where it runs: `local`, or the key of its compute. */
  readonly computeKey: string
  /** `{computeKey} waiting` or `{computeKey} held`, while it is. */
  readonly slot?: string
  readonly cancelRequestedBy?: string
  /** Where its outputs went, once they are there. */
  readonly outputs?: Readonly<Record<string, JobResult>>
  readonly steps?: Readonly<Record<string, StepRecord>>
  readonly reuseKey?: string
  /** What its process, and all that this started, took in the end. */
  readonly usage?: ProcessTotals
  /** How often its process was lost and it was started again. */
  readonly restarts?: number
  /** The job whose results were taken instead of running. */
  readonly reusedFrom?: string
}

export type Job = Resource<JobProperties, JobState>

/** Of what the platform knows, what clients are not shown. */
export const internalState = [
  'submittedBy',
  'owner',
  'assetName',
  'level',
  'pinned',
  'computeKey',
  'slot',
  'cancelRequestedBy',
  'reuseKey',
] as const satisfies readonly (keyof JobState)[]

/** Kernel's generic resource as a job; its definition's schema and `prepare` made it one. */
export const asJob = (resource: Resource): Job => resource as unknown as Job

/** What may be changed of a job after it was submitted. */
export const changeable = [
  'displayName',
  'description',
  'tags',
  'properties',
  'isArchived',
  'services',
] as const

export const isPipeline = (job: { readonly properties: JobProperties }) =>
  kindOf(job.properties) === 'Pipeline'

/** The canonical spelling of a job's type; undefined for one that Azure ML does not have either. */
export function kindOf(properties: Json | JobProperties): (typeof jobTypes)[number] | undefined {
  const given = String(properties['jobType']).toLowerCase()
  return jobTypes.find((t) => t.toLowerCase() === given)
}
