import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { identifier } from '../../analytics/analytics.ts'
import { resolve } from '../../data/resolve.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { questionVariable, rowsOutput, type Question } from '../../serving/batch/query/question.ts'
import type { ReleasedModel } from '../gates/gate.ts'
import { rowColumn } from './columns.ts'
import { bareEnvironment, scoringEnvironment } from './environment.ts'

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

/** What a role of a step is called: `rows` reads the data, then each model has a step of its own. */
export type Role = 'candidate' | 'champion'

const pythonFolder = join(import.meta.dirname, '..', '..', '..', 'python')
const queryProgram = `serving/batch/query/main${extname(import.meta.url)}`

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
    steps[role] = await modelStep(scoring, role, model, type)
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

const textOr = (value: unknown, other: string) => (typeof value === 'string' ? value : other)

const bound = (to: string): Json => ({ job_input_type: 'literal', value: `\${{${to}}}` })

function rowsStep(dataType: string, environment: string): Json {
  const question: Question = {
    sql: `select row_number() over () - 1 as ${identifier(rowColumn)}, * from data`,
    tables: [{ name: 'data', input: 'data' }],
  }
  return {
    type: 'command',
    component: {
      type: 'command',
      command: `"$TWINLOOP_NODE" --disable-warning=ExperimentalWarning "$TWINLOOP_PROGRAMS/${queryProgram}"`,
      environment,
      inputs: { data: { type: dataType } },
      outputs: { [rowsOutput]: { type: 'uri_folder' } },
      limits: { max_restarts: 3 },
    },
    inputs: { data: bound('parent.inputs.data') },
    outputs: {},
    environment_variables: { [questionVariable]: JSON.stringify(question) },
  }
}

async function modelStep(scoring: Scoring, role: Role, model: ReleasedModel, type: string): Promise<Json> {
  const { platform, workspaceId, target } = scoring
  return {
    type: 'command',
    component: {
      type: 'command',
      command: [
        'python "$TWINLOOP_PYTHON/twinloop_gate/predict.py"',
        '--rows "${{inputs.rows}}" --model "${{inputs.model}}" --output "${{outputs.predictions}}"',
      ].join(' '),
      environment: await scoringEnvironment(platform, workspaceId, model),
      inputs: { rows: { type: 'uri_folder' }, model: { type } },
      outputs: { predictions: { type: 'uri_folder' } },
      limits: { max_restarts: 3 },
    },
    inputs: { rows: bound('parent.jobs.rows.outputs.rows'), model: bound(`parent.inputs.${role}`) },
    outputs: {},
    environment_variables: {
      // Another version of the program may answer otherwise: what it is belongs to what is asked.
      TWINLOOP_PROGRAM_DIGEST: await digestOfProgram(),
      ...(target === undefined ? {} : { TWINLOOP_TARGET: target }),
    },
  }
}

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

/** Of the Python that scores, which is no part of a job's code. */
async function digestOfProgram(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['twinloop_gate/predict.py', 'twinloop_batch/scorers.py'])
    hash.update(await readFile(join(pythonFolder, file)))
  return hash.digest('hex').slice(0, 16)
}

/** True once a job has come to an end. */
export const hasEnded = (job: Resource): boolean =>
  ['Completed', 'Failed', 'Canceled'].includes(String(job.status['status']))
