import { z } from 'zod'
import { errors, UserError } from '../../../../kernel/errors.ts'
import { childId } from '../../../../kernel/resources/arm-id.ts'
import type { Json } from '../../../../kernel/resources/resource.ts'
import { asJob } from '../../../../training/jobs/job.ts'
import { hasEnded } from '../../../../training/jobs/status.ts'
import type { ActionContext, ActionKind, ActionProgress, CheckContext } from '../../action.ts'
import { definitionOf, inputsGiven } from '../../job/definition.ts'
import { resolveInputs } from '../../job/inputs.ts'
import { actionProperty, makeJob, mistakesInJob } from '../../job/make.ts'
import { jobWords, type JobWords } from '../../job/parameters.ts'
import { rehearseInputs } from '../../job/rehearse.ts'

const parameters = z
  .strictObject({
    ...jobWords,
    job: jobWords.job.optional(),
    /** A batch endpoint to invoke instead of a job, with a deployment of its own or the default one. */
    batch_endpoint: z.string().trim().min(1).optional(),
    deployment: z.string().trim().min(1).optional(),
  })
  .refine(({ job, batch_endpoint: endpoint }) => (job === undefined) !== (endpoint === undefined), {
    error: 'needs either job or batch_endpoint',
    when: ({ issues }) => issues.length === 0,
  })
type Parameters = z.infer<typeof parameters>

/** Runs any job. */
export const runJob: ActionKind<Parameters> = {
  name: 'run_job',
  summary: 'Runs a command or pipeline job, or invokes a batch endpoint.',
  parameters,
  subject: ({ job, batch_endpoint: endpoint }) => job ?? endpoint,
  async check(given, context) {
    if (isJob(given)) return mistakesInJob(given, context)
    const found = await context.platform.resources.find(endpointId(given, context))
    if (found === undefined)
      return [{ path: ['batch_endpoint'], message: `there is no batch endpoint '${given.batch_endpoint}'` }]
    try {
      await context.platform.resources.act(context.actor, found.id, 'checkInvocation', {
        properties: await invocation(given),
      })
      return []
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return [{ path: [], message: error.message }]
    }
  },
  async rehearse(given, context) {
    if (!isJob(given)) {
      await context.platform.resources.get(endpointId(given, context))
      return `invokes batch endpoint ${given.batch_endpoint}`
    }
    const reads = await rehearseInputs(context, inputsGiven(await definitionOf(context, given), given.inputs))
    const job = typeof given.job === 'string' ? given.job.replace(/^azureml:/i, '') : 'the job of its rule'
    return `runs ${job}${reads.length === 0 ? '' : ` on ${reads.join(' and ')}`}`
  },
  async advance(given, context) {
    const id = childId(context.workspaceId, 'jobs', context.key)
    const found = await context.platform.resources.find(id)
    if (found === undefined) return begin(given, context)
    const job = asJob(found)
    const { status, error } = job.status
    if (!hasEnded(status)) return { doing: `runs job ${job.name}` }
    if (status === 'Completed') return { done: `job ${job.name} completed`, made: [job.id] }
    return {
      refused: `job ${job.name} ${status.toLowerCase()}${error === undefined ? '' : `: ${error.message}`}`,
    }
  },
}

const isJob = (given: Parameters): given is Parameters & JobWords => given.job !== undefined

const endpointId = (given: Parameters, { workspaceId }: Pick<CheckContext, 'workspaceId'>) =>
  childId(workspaceId, 'batchEndpoints', (given.batch_endpoint ?? '').replace(/^azureml:/i, ''))

/** What a batch endpoint is asked, as its invocations have it. */
async function invocation({ inputs, deployment }: Parameters): Promise<Json> {
  const inputData = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => {
      if (typeof value === 'object')
        throw errors.validation('A batch endpoint is given data by reference: azureml:NAME@latest.', {
          target: `inputs.${name}`,
        })
      const isReference =
        typeof value === 'string' && /^(?:azureml:|https?:\/\/|\/subscriptions\/)/i.test(value)
      return [
        name,
        isReference
          ? { jobInputType: 'uri_folder', uri: value }
          : { jobInputType: 'literal', value: String(value) },
      ]
    }),
  )
  return { inputData, ...(deployment === undefined ? {} : { deployment }) }
}

async function begin(given: Parameters, context: ActionContext): Promise<ActionProgress> {
  const { platform, actor, key, action } = context
  if (isJob(given)) {
    const definition = await definitionOf(context, given)
    const { inputs } = await resolveInputs(context, definition, given.inputs)
    const job = await makeJob(context, definition, given, inputs)
    return { doing: `runs job ${job.name}` }
  }
  try {
    const properties = { ...(await invocation(given)), name: key, properties: { [actionProperty]: action } }
    await platform.resources.act(actor, endpointId(given, context), 'invoke', { properties })
  } catch (error) {
    // A server that was killed had asked already.
    if (!(error instanceof UserError) || error.kind.status !== 412) throw error
  }
  return { doing: `runs job ${key}` }
}
