import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Action, Json } from '../../kernel/resources/resource.ts'
import { asJob, isPipeline } from '../jobs/job.ts'
import type { Job } from '../jobs/job.ts'
import { jobName, rerunName } from '../jobs/names.ts'
import { json, strings } from '../wire.ts'

/**
 * `POST {job}/rerun { name?, startFromFailure? }`: submits the same once more, as another job, under the rights of who
 * asks; answers `{ id, name }` of that one. References to the newest version mean the newest of now. With
 * `startFromFailure`, as Azure Data Factory calls it, the inputs are the versions that the pipeline had, and what its
 * steps have completed is taken over (see `resume.ts`). Throws conflict where there is nothing to go on from.
 */
export const rerun: Action = {
  operation: 'write',
  input: z.object({
    name: z.string().regex(jobName, 'expected letters, digits, - and _, at most 255').optional(),
    startFromFailure: z.boolean().default(false),
  }),
  async run({ platform, actor, resource, input }) {
    const { name, startFromFailure } = input as { name?: string; startFromFailure: boolean }
    const job = asJob(resource)
    const { parentJobName: pipeline } = job.properties
    if (typeof pipeline === 'string')
      throw errors.conflict(`Job '${job.name}' is a step of '${pipeline}': it is run again with that one.`)
    if (startFromFailure) requireFailure(job)
    const id = childId(
      scopeId(job.id) ?? '',
      'jobs',
      name ?? rerunName(job.properties.displayName ?? job.name),
    )
    const properties = { ...askedOf(job), ...(startFromFailure ? goingOn(job) : {}) }
    const { resource: made } = await platform.resources.put(actor, id, { properties }, { ifNoneMatch: '*' })
    return { body: { id: made.id, name: made.name } }
  },
}

function requireFailure(job: Job): void {
  const { status } = job.status
  if (!isPipeline(job))
    throw errors.conflict(`Job '${job.name}' has no steps of which one failed: run the whole of it again.`, {
      target: 'startFromFailure',
    })
  if (status !== 'Failed' && status !== 'Canceled')
    throw errors.conflict(
      `Pipeline '${job.name}' is ${status}: only one that has failed or was cancelled can go on from there.`,
      { target: 'startFromFailure' },
    )
}

/** What is told of the run alone, and not of what it is to do. */
const ofRunAlone = ['services', 'isArchived', 'resumedFrom', 'properties']

/** What was asked for, with where its code came from; not by what schedule, which is another matter. */
function askedOf({ properties }: Job): Json {
  const asked = Object.entries(properties).filter(([name]) => !ofRunAlone.includes(name))
  const source = Object.entries(strings(properties.properties)).filter(([name]) =>
    /^(?:mlflow\.source\.|azureml\.git\.)/.test(name),
  )
  return { ...Object.fromEntries(asked), properties: Object.fromEntries(source) }
}

/** The same data as before, whatever the newest is by now: half of what was made of it is there already. */
const goingOn = ({ name, properties, status }: Job): Json => ({
  resumedFrom: name,
  inputs: Object.fromEntries(
    Object.entries(properties.inputs ?? {}).map(([input, value]) => {
      const uri = status.pinned[input]
      return [input, uri === undefined ? value : { ...json(value), uri }]
    }),
  ),
})
