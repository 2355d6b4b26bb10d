import type { Actor } from '../../../kernel/access/access.ts'
import { errors } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { childId } from '../../../kernel/resources/arm-id.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { trainingIn } from '../../../release/gates/retrain/job.ts'
import { readAction } from '../../../training/schedules/fire.ts'
import { asSchedule } from '../../../training/schedules/schedule.ts'
import type { GivenInput, JobWords } from './parameters.ts'

/** Who asks for a job, and where. */
export interface Asking {
  readonly platform: Platform
  readonly workspaceId: string
  readonly actor: Actor
}

/** What of a job that ran is of that one run. */
const ofOneRun = ['parentJobName', 'stepName', 'status', 'services', 'isArchived']

/** The properties of the job that an action names. Throws notFound or validation for one that there is not. */
export async function definitionOf(asking: Asking, { job }: Pick<JobWords, 'job'>): Promise<Json> {
  if (typeof job !== 'string') return job
  const schedule = /^schedule:(.+)$/i.exec(job)?.[1]
  const found =
    schedule === undefined ? (await trainingIn(asking, job)).properties : await scheduledBy(asking, schedule)
  return Object.fromEntries(Object.entries(found).filter(([name]) => !ofOneRun.includes(name)))
}

async function scheduledBy({ platform, workspaceId, actor }: Asking, name: string): Promise<Json> {
  const id = childId(workspaceId, 'schedules', name)
  await platform.access.require(actor, 'Microsoft.MachineLearningServices/workspaces/schedules/read', id)
  const schedule = asSchedule(await platform.resources.get(id))
  const made = await readAction(platform, workspaceId, schedule.properties)
  if (made.actionType === 'CreateJob') return made.properties
  throw errors.validation(`Schedule '${name}' makes no jobs: it is one of ${made.actionType}.`, {
    target: 'job',
  })
}

type Inputs = Readonly<Record<string, Json | null | undefined>>
export const inputsIn = (definition: Json): Inputs => (definition['inputs'] ?? {}) as Inputs

/** What kind of input it is as it is written down: of pipelines in snake case, too. */
export function typeWord(input: Json | null | undefined): string {
  const said = input?.['jobInputType'] ?? input?.['job_input_type'] ?? input?.['type']
  return typeof said === 'string' ? said : 'literal'
}

/** `urifile`, `literal`, …, whoever wrote it down. */
export function typeOf(input: Json | null | undefined): string {
  return typeWord(input).toLowerCase().replaceAll('_', '')
}
export const isData = (input: Json | null | undefined): boolean => typeOf(input) !== 'literal'

/**
 * What is given, by the inputs that the job has. `window: 90d` on a job without an input `window` is of its only input
 * of data. Throws validation for an input that there is not, naming the nearest.
 */
export function inputsGiven(
  definition: Json,
  given: Readonly<Record<string, GivenInput>>,
): Readonly<Record<string, GivenInput>> {
  const known = Object.keys(inputsIn(definition))
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (known.includes(name)) return [name, value]
      if (name === 'window' && typeof value === 'string') return [onlyData(definition), windowOf(value)]
      const near = nearest(name, known)
      throw errors.validation(
        `the job has no input '${name}'; it has ${known.join(', ') || 'none'}${near === undefined ? '' : `: did you mean ${near}?`}`,
        { target: `inputs.${name}` },
      )
    }),
  )
}

const windowOf = (window: string): GivenInput => ({ window, labelled: true, at_least: 1 })

function onlyData(definition: Json): string {
  const names = Object.entries(inputsIn(definition)).flatMap(([name, input]) => (isData(input) ? [name] : []))
  const [only, second] = names
  if (only !== undefined && second === undefined) return only
  throw errors.validation(
    names.length === 0
      ? 'the job reads no data that a window could be of'
      : `the job reads ${names.join(', ')}: say of which the window is, as in inputs: { ${only}: { window: 90d } }`,
    { target: 'inputs.window' },
  )
}
