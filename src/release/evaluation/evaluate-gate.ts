import { extname } from 'node:path'
import { errors } from '../../kernel/errors.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { resolve } from '../../data/resolve.ts'
import type { EvidenceFile, GateContext, GateProgress, GateResult, ReleasedModel } from '../gates/gate.ts'
import { conclusionOf, predictionsOf, requireCompleted } from '../predictions/results.ts'
import { hasEnded, isBeingScored, scoringJob, type Scoring } from '../predictions/scoring-job.ts'
import type { Answer } from './answer.ts'
import { gatePage } from '../report/gate-page.ts'
import { predictionsFile, type PredictionSummary } from './summary/summary.ts'
import { validityOf } from './validity.ts'
import { answerFile, evaluationStep, questionVariable, type EvaluationKind } from './question.ts'

/** What a gate that judges predictions is told, beside what is its own. */
export interface EvaluationParameters {
  readonly data: string
  readonly target: string
}

type Times = { readonly first: string; readonly last: string }

const waitMs = 2000

const program = `release/evaluation/main${extname(import.meta.url)}`
const command = `"$TWINLOOP_NODE" --disable-warning=ExperimentalWarning "$TWINLOOP_PROGRAMS/${program}"`

/**
 * One step of a gate that judges predictions: candidate and champion score the data by a job, whose last step judges them.
 * Throws why it could not look: a job that failed, data or parameters that do not fit.
 */
export async function evaluateGate(
  kind: EvaluationKind,
  parameters: EvaluationParameters,
  context: GateContext,
  report: (result: GateResult) => string,
): Promise<GateProgress> {
  const { platform, candidate, champion } = context
  // Gates of a stage run side by side: of those that ask for the same predictions one lets them be made.
  const job = await inTurn(`${context.workspaceId} ${parameters.data}`, async () => {
    const isOwn = context.state['begun'] === true
    if (!isOwn && (await isBeingScored(scoringOf(parameters, context)))) return undefined
    return context.job('evaluation', () => jobOf(kind, parameters, context))
  })
  if (job === undefined)
    return { doing: 'waits for the predictions that another gate lets be made', again: waitMs }
  if (!hasEnded(job)) return { state: { begun: true }, doing: doingOf(job, candidate, champion) }
  await requireCompleted(platform, job)
  const answer = JSON.parse(await conclusionOf(platform, job, evaluationStep, answerFile)) as Answer
  if ('problem' in answer) throw errors.validation(answer.problem)
  const { findings, summary } = answer
  const { invalid, notes } = await validityOf(context, job, findings.details['times'] as Times | undefined)
  const verdict = invalid === undefined || findings.verdict === 'fail' ? findings.verdict : 'inconclusive'
  const predictions = {
    candidate: await predictionsOf(platform, job, 'candidate'),
    champion: await predictionsOf(platform, job, 'champion'),
  }
  const result: GateResult = {
    ...findings,
    details: { ...findings.details, predictions },
    verdict,
    summary: verdict === findings.verdict || invalid === undefined ? findings.summary : invalid,
    notes: [...findings.notes, ...(invalid === undefined ? [] : [invalid]), ...notes],
    files: [],
  }
  return { result: { ...result, files: await kept(kind, context, { result, summary }, report) } }
}

/** The evidence as a page for people and as it is for programs. */
async function kept(
  kind: EvaluationKind,
  context: GateContext,
  { result, summary }: { readonly result: GateResult; readonly summary: PredictionSummary | undefined },
  report: (result: GateResult) => string,
): Promise<readonly EvidenceFile[]> {
  const { files: _, ...findings } = result
  return [
    await context.keep(
      { name: 'report.html', title: 'Report, to be read and printed', contentType: 'text/html' },
      gatePage(`${context.release.label} ${kind}`, result, report(result)),
    ),
    await context.keep(
      {
        name: 'findings.json',
        title: 'Everything that was found, for programs',
        contentType: 'application/json',
      },
      JSON.stringify(findings, undefined, 2),
    ),
    ...(summary === undefined
      ? []
      : [
          await context.keep(
            {
              name: predictionsFile,
              title: 'What the models said and what was so, in short: for curves, thresholds and slices',
              contentType: 'application/json',
            },
            JSON.stringify(summary),
          ),
        ]),
  ]
}

const turns = new Map<string, Promise<unknown>>()

/** Does work one after another for the same key, within this server. */
async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const own = (turns.get(key) ?? Promise.resolve()).then(work)
  const settled = own.then(
    () => undefined,
    () => undefined,
  )
  turns.set(key, settled)
  try {
    return await own
  } finally {
    if (turns.get(key) === settled) turns.delete(key)
  }
}

function scoringOf(
  { data, target }: EvaluationParameters,
  { platform, workspaceId, candidate, champion }: GateContext,
): Scoring {
  const other = champion?.id === candidate.id ? undefined : champion
  return { platform, workspaceId, data, target, candidate, champion: other }
}

async function jobOf(
  kind: EvaluationKind,
  parameters: EvaluationParameters,
  context: GateContext,
): Promise<Json> {
  const scoring = scoringOf(parameters, context)
  const { platform, workspaceId, data, candidate, champion } = scoring
  const { asset } = await resolve(platform, workspaceId, data)
  const question = {
    kind,
    parameters,
    judged: {
      candidate: labelOf(candidate),
      ...(champion === undefined ? {} : { champion: labelOf(champion) }),
      data: asset === undefined ? data : assetLabel(asset),
      seed: context.seed,
    },
  }
  return scoringJob(scoring, {
    name: evaluationStep,
    command,
    variables: { [questionVariable]: JSON.stringify(question) },
  })
}

const labelOf = ({ name, version }: ReleasedModel) => `${name}:${version}`

/** `flights:3` of the id of a version. */
export const assetLabel = ({ id }: Resource): string =>
  id
    .split('/')
    .slice(-3)
    .filter((_, i) => i !== 1)
    .join(':')

/** What the job does at the moment: the first step that is under way. */
function doingOf(job: Resource, candidate: ReleasedModel, champion: ReleasedModel | undefined): string {
  const steps = (job.status['steps'] ?? {}) as Readonly<Record<string, { state: string }>>
  const active = (name: string) => steps[name]?.state === 'active'
  if (active('candidate')) return `scores the data with ${labelOf(candidate)}`
  if (active('champion') && champion !== undefined) return `scores the data with ${labelOf(champion)}`
  if (active(evaluationStep)) return 'judges the predictions'
  return 'reads the data'
}
