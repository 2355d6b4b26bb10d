import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { identifier } from '../../analytics/analytics.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { questionVariable, rowsOutput, type Question } from '../../serving/batch/query/question.ts'
import { rowColumn } from './columns.ts'

/** What a role of a step is called: `rows` reads the data, then each model has a step of its own. */
export type Role = 'candidate' | 'champion'

const pythonFolder = join(import.meta.dirname, '..', '..', '..', 'python')
const queryProgram = `serving/batch/query/main${extname(import.meta.url)}`

export const textOr = (value: unknown, other: string): string => (typeof value === 'string' ? value : other)

/** An input of a step that comes from elsewhere in the pipeline: `parent.inputs.data`. */
export const bound = (to: string): Json => ({ job_input_type: 'literal', value: `\${{${to}}}` })

/** The step `rows` of a pipeline: reads its input `data` as contracts and questions do, and numbers the rows. */
export function rowsStep(dataType: string, environment: string): Json {
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

/** What a model is asked by a program of `python/twinloop_gate`, in an environment of its own. */
export interface ModelStep {
  /** Name of the step, and of the pipeline's input that is the model. */
  readonly role: Role
  /** The kind of that input: `mlflow_model`. */
  readonly type: string
  readonly program: string
  /** Name of the output, a folder. */
  readonly output: string
  /** Id of the environment. */
  readonly environment: string
  readonly variables: Readonly<Record<string, string>>
}

/** A step of a pipeline that gives a model to a program with the rows of the step `rows`. */
export function modelStep({ role, type, program, output, environment, variables }: ModelStep): Json {
  return {
    type: 'command',
    component: {
      type: 'command',
      command: [
        `python "$TWINLOOP_PYTHON/twinloop_gate/${program}"`,
        `--rows "\${{inputs.rows}}" --model "\${{inputs.model}}" --output "\${{outputs.${output}}}"`,
      ].join(' '),
      environment,
      inputs: { rows: { type: 'uri_folder' }, model: { type } },
      outputs: { [output]: { type: 'uri_folder' } },
      limits: { max_restarts: 3 },
    },
    inputs: { rows: bound('parent.jobs.rows.outputs.rows'), model: bound(`parent.inputs.${role}`) },
    outputs: {},
    environment_variables: variables,
  }
}

/** Of Python of ours, which is no part of a job's code: paths below `python/`. */
export async function digestOfPrograms(...paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(await readFile(join(pythonFolder, path)))
  return hash.digest('hex').slice(0, 16)
}
