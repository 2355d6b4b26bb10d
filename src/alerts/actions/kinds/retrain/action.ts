import { errors } from '../../../../kernel/errors.ts'
import type { Resource } from '../../../../kernel/resources/resource.ts'
import { asJob, type Job } from '../../../../training/jobs/job.ts'
import { hasEnded } from '../../../../training/jobs/status.ts'
import type { ActionContext, ActionKind, ActionProgress } from '../../action.ts'
import { definitionOf, inputsGiven } from '../../job/definition.ts'
import { resolveInputs } from '../../job/inputs.ts'
import { makeJob, mistakesInJob } from '../../job/make.ts'
import { rehearseInputs } from '../../job/rehearse.ts'
import { milliseconds } from '../../words.ts'
import { reasonAgainst, stateOf } from './earlier.ts'
import { retrainParameters, type RetrainParameters } from './parameters.ts'
import { modelOf, planFor, registeredBy, releaseVersion } from './release.ts'

const dayMs = 86_400_000

/** Trains anew on newer production data, and starts the release of what comes of it: the loop back to staging. */
export const retrain: ActionKind<RetrainParameters> = {
  name: 'retrain',
  summary:
    'Trains again on newer production data; then: release starts the release of the version that comes of it.',
  parameters: retrainParameters,
  afterwards: ['release'],
  subject: ({ job }) => job,
  coolDownMs: ({ label_delay: delay }) => Math.max(dayMs, 2 * milliseconds(delay ?? '')),
  async check(parameters, context) {
    const { platform, workspaceId } = context
    const mistakes = await mistakesInJob(parameters, context)
    const { plan, model } = parameters
    if (plan === undefined) return mistakes
    const found = await platform.resources.find(`${workspaceId}/providers/Twinloop/releasePlans/${plan}`)
    const of = modelOfPlan(found)
    if (found === undefined)
      return [...mistakes, { path: ['plan'], message: `there is no release plan '${plan}'` }]
    return model === undefined || of.toLowerCase() === model.toLowerCase()
      ? mistakes
      : [
          ...mistakes,
          { path: ['plan'], message: `release plan '${plan}' is of model '${of}', not '${model}'` },
        ]
  },
  async rehearse(parameters, context) {
    const definition = await definitionOf(context, parameters)
    const reads = await rehearseInputs(context, inputsGiven(definition, parameters.inputs))
    const against = await reasonAgainst(context, { stopAfter: parameters.stop_after })
    if (against !== undefined) throw errors.conflict(against)
    const then = context.afterwards === 'release' ? await wouldRelease(parameters, context) : ''
    return `trains ${jobInWords(parameters)}${reads.length === 0 ? '' : ` on ${reads.join(' and ')}`}${then}`
  },
  async advance(parameters, context) {
    const { job } = stateOf(context)
    if (job === undefined) return begin(parameters, context)
    const found = await context.platform.resources.find(job)
    if (found === undefined) return { refused: `its job ${job.split('/').at(-1)} was deleted` }
    return follow(parameters, context, asJob(found))
  },
}

const modelOfPlan = (plan: Resource | undefined): string => {
  const model = plan?.properties['model']
  return typeof model === 'string' ? model : ''
}

const jobInWords = ({ job }: RetrainParameters) =>
  typeof job === 'string' ? `by ${job.replace(/^azureml:/i, '')}` : 'by the job of its rule'

async function wouldRelease({ plan, model }: RetrainParameters, { platform, workspaceId }: ActionContext) {
  if (plan === undefined && model === undefined) return ', and releases the version that comes of it'
  const found = await planFor(platform, workspaceId, { model: model ?? '', plan })
  return `, and releases the version that comes of it by ${found.name}`
}

/** Gathers what to learn from, and makes the job unless something speaks against it. */
async function begin(parameters: RetrainParameters, context: ActionContext): Promise<ActionProgress> {
  const state = stateOf(context)
  const stopAfter = parameters.stop_after
  const definition = await definitionOf(context, parameters)
  if (state.inputs === undefined) {
    const early = await reasonAgainst(context, { stopAfter })
    if (early !== undefined) return { refused: early }
    const { inputs, made, inWords, fingerprint } = await resolveInputs(context, definition, parameters.inputs)
    const doing =
      inWords.length === 0 ? 'looks at what there is to learn from' : `gathered ${inWords.join('; ')}`
    return { doing, state: { inputs, made, inWords, fingerprint }, again: 0 }
  }
  const against = await reasonAgainst(context, {
    stopAfter,
    ...(state.fingerprint === undefined ? {} : { fingerprint: state.fingerprint }),
  })
  if (against !== undefined) return { refused: against }
  const job = await makeJob(context, definition, parameters, state.inputs)
  return { doing: `trains: job ${job.name}`, state: { ...state, job: job.id } }
}

async function follow(
  parameters: RetrainParameters,
  context: ActionContext,
  job: Job,
): Promise<ActionProgress> {
  const state = stateOf(context)
  const { status, error } = job.status
  if (!hasEnded(status)) return { doing: `trains: job ${job.name}` }
  if (status !== 'Completed')
    return {
      refused: `training was ${status.toLowerCase()}: job ${job.name}${error === undefined ? '' : `: ${error.message}`}`,
    }
  const made = [...(state.made ?? []), job.id]
  const versions = await registeredBy(context, job, parameters.model)
  const [version] = versions
  const wantsRelease = context.afterwards === 'release'
  if (version === undefined || !wantsRelease)
    return wantsRelease
      ? {
          refused: `job ${job.name} registered no version of ${parameters.model ?? 'a model'}, so there is nothing to release`,
        }
      : {
          done: `trained${version === undefined ? '' : ` ${inWords(version)}`} (job ${job.name})`,
          made: [...made, ...versions.map(({ id }) => id)],
          state: { ...state },
        }
  const models = new Set(versions.map((one) => modelOf(one).toLowerCase()))
  if (models.size > 1 && parameters.model === undefined)
    return {
      refused: `job ${job.name} registered ${versions.map(inWords).join(' and ')}: say model:, which of them is to be released`,
    }
  const plan = await planFor(context.platform, context.workspaceId, {
    model: modelOf(version),
    plan: parameters.plan,
  })
  const release = await releaseVersion(context, plan, version)
  return {
    done: `trained ${inWords(version)} and started release ${plan.name}/${release.name}`,
    made: [...made, version.id, release.id],
    state: { ...state, version: version.id, release: release.id },
  }
}

const inWords = (version: Resource) => `${modelOf(version)}:${version.name}`
