import { createHash } from 'node:crypto'
import { resolve } from '../../data/resolve.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { ReleasedModel } from '../gates/gate.ts'
import { bareEnvironment, scoringEnvironment } from './environment.ts'
import { bound, digestOfPrograms, modelStep, rowsStep, textOr, type Role } from './steps.ts'

/** Rows that are to be scored, and by whom. */
export interface Scoring {
  readonly platform: Platform
  /** Where the data are and the job is to run. */
  readonly workspaceId: string
  /** A reference to data in any form that jobs take. */
  readonly data: string
  /** Column that is no input of the models, for those that do not say what their inputs are. */
  readonly target?: string
  readonly candidate: ReleasedModel
  /** Absent: only the candidate is asked. */
  readonly champion?: ReleasedModel | undefined
}

/** A step that looks at the predictions: a program of ours, asked by one variable, that writes one output. */
export interface Conclusion {
  readonly name: string
  /** The command; it finds the predictions in the inputs `candidate` and `champion`. */
  readonly command: string
  readonly variables: Readonly<Record<string, string>>
}

/**
 * The pipeline job that scores candidate and champion on the same rows, as it is put. Its first step reads the data as
 * contracts and questions do and numbers the rows; each model then scores them in its own environment. The steps are
 * deterministic, so the same model on the same data is scored once, whichever gate or release asks. Predictions are in
 * the output `predictions` of the steps named by their role: see `predictionsOf`.
 */
export async function scoringJob(scoring: Scoring, conclusion?: Conclusion): Promise<Json> {
  const { platform, workspaceId, data, candidate, champion } = scoring
  const { asset } = await resolve(platform, workspaceId, data)
  const dataType = textOr(asset?.properties['dataType'], 'uri_folder')
  const bare = await bareEnvironment(platform, workspaceId)
  const roles: readonly (readonly [Role, ReleasedModel])[] =
    champion === undefined || champion.id === candidate.id
      ? [['candidate', candidate]]
      : [
          ['candidate', candidate],
          ['champion', champion],
        ]
  const models: Record<string, Json> = {}
  const steps: Record<string, Json> = {}
  for (const [role, model] of roles) {
    const type = textOr(model.resource.properties['modelType'], 'mlflow_model')
    models[role] = { jobInputType: type, uri: model.id }
    steps[role] = modelStep({
      role,
      type,
      program: 'predict.py',
      output: 'predictions',
      environment: await scoringEnvironment(platform, workspaceId, model),
      variables: {
        // Another version of the program may answer otherwise: what it is belongs to what is asked.
        TWINLOOP_PROGRAM_DIGEST: await digestOfPrograms(
          'twinloop_gate/predict.py',
          'twinloop_batch/scorers.py',
        ),
        ...(scoring.target === undefined ? {} : { TWINLOOP_TARGET: scoring.target }),
      },
    })
  }
  if (conclusion !== undefined) steps[conclusion.name] = concluding(conclusion, bare, roles)
  return {
    jobType: 'Pipeline',
    properties: {
      [testSetProperty]: asset?.id ?? data,
      [candidateProperty]: candidate.id,
      [scoringProperty]: await keyOf(scoring),
    },
    inputs: { data: { jobInputType: dataType, uri: asset?.id ?? data }, ...models },
    outputs: {},
    settings: {},
    jobs: { rows: rowsStep(dataType, bare), ...steps },
  }
}

/**
 * True while a scoring job of the same models on the same data is under way in the workspace: whoever waits for it finds
 * the models' predictions made.
 */
export async function isBeingScored(scoring: Scoring): Promise<boolean> {
  const { platform, workspaceId } = scoring
  const jobs = await platform.resources.list({
    type: 'workspaces/jobs',
    parent: workspaceId.toLowerCase(),
    view: 'all',
    where: { [`properties.properties.${scoringProperty}`]: await keyOf(scoring) },
  })
  return jobs.some((job) => !hasEnded(job))
}

/** The same for the same models on the same version of the data. */
async function keyOf({
  platform,
  workspaceId,
  data,
  target = '',
  candidate,
  champion,
}: Scoring): Promise<string> {
  const { asset } = await resolve(platform, workspaceId, data)
  const parts = [asset?.id ?? data, target, candidate.id, champion?.id ?? '']
  return createHash('sha256').update(parts.join('\0').toLowerCase()).digest('hex').slice(0, 32)
}

const scoringProperty = 'twinloopScoring'

/** Properties of scoring jobs by which it can be told how often data served to judge candidates. */
export const testSetProperty = 'twinloopTestSet'
export const candidateProperty = 'twinloopCandidate'

function concluding(
  { command, variables }: Conclusion,
  environment: string,
  roles: readonly (readonly [Role, ReleasedModel])[],
): Json {
  return {
    type: 'command',
    component: {
      type: 'command',
      command,
      environment,
      inputs: Object.fromEntries(roles.map(([role]) => [role, { type: 'uri_folder' }])),
      outputs: { conclusion: { type: 'uri_folder' } },
      is_deterministic: false,
      limits: { max_restarts: 3 },
    },
    inputs: Object.fromEntries(
      roles.map(([role]) => [role, bound(`parent.jobs.${role}.outputs.predictions`)]),
    ),
    outputs: {},
    environment_variables: variables,
  }
}

/** True once a job has come to an end. */
export const hasEnded = (job: Resource): boolean =>
  ['Completed', 'Failed', 'Canceled'].includes(String(job.status['status']))
