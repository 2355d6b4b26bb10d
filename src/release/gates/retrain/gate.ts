import { UserError, errors } from '../../../kernel/errors.ts'
import { plural } from '../../../data/contracts/words/say.ts'
import type { Job } from '../../../training/jobs/job.ts'
import { isRetrained, makerOf, type Maker } from '../../origin/maker.ts'
import type { Gate, GateContext, GateResult, GateVerdict, Measure } from '../gate.ts'
import { endedJob } from '../../../training/history/job-files.ts'
import { compareMetrics } from './compare.ts'
import { retrainJob, trainingIn } from './job.ts'
import { retrainParameters, type RetrainParameters } from './parameters.ts'
import { succeed } from './successor.ts'
import { metricsOf, trainedBy } from './training.ts'

/** Whether training again, on the data of the stage, makes a model as good as the candidate. */
export const retrain: Gate<RetrainParameters> = {
  name: 'retrain',
  summary: "Runs the candidate's training again on the stage's data and compares what both logged.",
  parameters: retrainParameters,

  async check({ job }, context) {
    try {
      if (job !== undefined) await trainingIn(context, job)
      return []
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return [{ path: ['job'], message: error.message }]
    }
  },

  async advance(given, context) {
    const { platform, candidate } = context
    const maker = await makerOf(platform, candidate.resource)
    if (isRetrained(maker)) return { result: itself(context) }
    const job = endedJob(await context.job('train', () => retrainJob(given, context)))
    if (job === undefined) return { doing: `trains ${candidate.name} again, on the data of this stage` }
    if (job.status.status !== 'Completed')
      throw errors.conflict(
        `The training failed (job ${job.name}): ${job.status.error?.message ?? job.status.status}`,
      )
    return { result: await resultOf(given, context, maker, job) }
  },
}

const itself = ({ candidate }: GateContext): GateResult => ({
  verdict: 'not_applicable',
  summary: `${candidate.name}:${candidate.version} was itself trained for a release, on the data of its stage.`,
  measures: [],
  notes: [],
  files: [],
})

async function resultOf(
  given: RetrainParameters,
  context: GateContext,
  maker: Maker | undefined,
  job: Job,
): Promise<GateResult> {
  const { platform, candidate } = context
  const before = maker === undefined ? {} : await metricsOf(platform, maker.root)
  const after = await metricsOf(platform, job)
  const measures = compareMetrics(before, after, given)
  const judged = measures.filter(({ verdict }) => verdict !== undefined)
  const verdict = verdictOf(judged)
  const trained = await trainedBy(platform, job, candidate.resource)
  const next =
    verdict === 'pass' && given.goes_on === 'retrained' && trained !== undefined
      ? await succeed(trained, context)
      : undefined
  const called = `${candidate.name}:${candidate.version}`
  const table = await context.keep(
    { name: 'metrics.json', title: 'What both trainings logged', contentType: 'application/json' },
    JSON.stringify({ candidate: before, retrained: after }, undefined, 1),
  )
  const bad = judged.find((measure) => measure.verdict === verdict && verdict !== 'pass')
  return {
    verdict,
    summary:
      judged.length === 0
        ? 'There is no metric that both trainings logged, so they cannot be compared.'
        : bad === undefined
          ? `Trained again, it is as good by ${plural(judged.length, 'metric')}${next === undefined ? '' : `; ${next.version} goes on as ${next.release}`}.`
          : `Trained again, ${bad.name} is ${bad.note}: to be ${bad.limit ?? 'there'}.`,
    measures,
    notes: [
      `Trained again by job ${job.name}, each figure once: they have no intervals, and what the tests were may differ with the data.`,
      next !== undefined
        ? `${next.version}, the retrained model, takes the place of ${called}: ${next.release}.`
        : `${called} goes on, not the retrained model${trained === undefined ? '' : ` (${trained.version === undefined ? trained.uri : `version ${trained.version.name}`})`}.`,
      ...(given.goes_on === 'retrained' && trained === undefined
        ? [
            'The retrained model cannot take its place: the training neither registers it nor has one output that is a model.',
          ]
        : []),
    ],
    files: [table],
    details: { job: job.id, candidate: before, retrained: after, ...(next === undefined ? {} : { next }) },
  }
}

function verdictOf(judged: readonly Measure[]): GateVerdict {
  const verdicts = judged.map(({ verdict }) => verdict)
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.length === 0 || verdicts.includes('inconclusive') ? 'inconclusive' : 'pass'
}
