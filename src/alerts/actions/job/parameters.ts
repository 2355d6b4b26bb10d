import { z } from 'zod'
import { duration } from '../words.ts'

const text = z.string().trim().min(1)

/** What was asked of an endpoint and what turned out to be true, as data to learn from. */
export const windowSchema = z.strictObject({
  /** How far back, from now; with `time_column`, from its newest time. */
  window: duration,
  /** The online endpoint; default: the one that the alert is about. */
  of: text.optional(),
  /** A column with the time of the event, where that is not when the request came in. */
  time_column: text.optional(),
  /** False: rows whose label has not come count as well. */
  labelled: z.boolean().default(true),
  /** With fewer rows nothing is done. */
  at_least: z.int().min(1).default(1),
  /** Default: as the data that the job reads otherwise, or CSV. */
  format: z.enum(['csv', 'parquet']).optional(),
})
export type WindowOf = z.infer<typeof windowSchema>

/** A version of a data asset, counted from its newest. */
const newestSchema = z.strictObject({
  data: text.transform((name) => name.replace(/^azureml:/i, '').replace(/@latest$/i, '')),
  /** 1 is the newest, 2 the one before. */
  newest: z.int().min(1).default(1),
})

const input = z.union([z.string(), z.number(), z.boolean(), windowSchema, newestSchema], {
  error: 'expected a value, azureml:NAME@latest, { window: 90d } or { data: NAME, newest: 2 }',
})
export type GivenInput = z.infer<typeof input>
export const isWindow = (given: GivenInput): given is WindowOf =>
  typeof given === 'object' && 'window' in given

/** The words by which an action names a job and says what it reads. */
export const jobWords = {
  /** `azureml:NAME` of a job or component, a resource id, `schedule:NAME`, or a job's own properties. */
  job: z.union([text, z.looseObject({ jobType: z.string() })], {
    error: 'expected a job: azureml:NAME, schedule:NAME or a file',
  }),
  /** What the job reads instead of what it says, by the names of its inputs. */
  inputs: z.record(z.string(), input).default({}),
  experiment: text.optional(),
  compute: text.optional(),
}
export const jobSchema = z.strictObject(jobWords)
export type JobWords = z.infer<typeof jobSchema>
