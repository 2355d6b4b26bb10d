import { extname } from 'node:path'
import { understand, type Asking } from '../../../data/exploration/ask.ts'
import { resolve } from '../../../data/resolve.ts'
import { UserError } from '../../../kernel/errors.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { questionVariable, rowsOutput, type Question } from './question.ts'

/** A question whose answer is to be scored, and the data that it reads, each as an input of the job. */
export interface QueryPlan {
  readonly sql: string
  readonly tables: readonly {
    /** As the question calls it. */
    readonly name: string
    readonly input: string
    /** What it is now: of an asset, the id of a version. */
    readonly uri: string
    readonly type: string
  }[]
}

/**
 * Finds what a question reads, without reading it: data assets by their names, as in `twinloop data query`. Throws a
 * UserError of `properties.inputData` for what is no question, is not there, or may not be read.
 */
export async function planQuery(asking: Asking, question: string): Promise<QueryPlan> {
  try {
    const { sql, references } = await understand(asking, question)
    const tables = []
    for (const [name, reference] of Object.entries(references)) {
      const { asset } = await resolve(asking.platform, asking.workspaceId, reference)
      const type = asset?.properties['dataType']
      tables.push({
        name,
        input: `table_${tables.length + 1}`,
        uri: asset?.id ?? reference,
        type: typeof type === 'string' ? type : 'uri_folder',
      })
    }
    return { sql, tables }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(error.kind, error.message, { target: 'properties.inputData', cause: error })
  }
}

/** The tables of a question as inputs of the job. */
export const tableInputs = ({ tables }: QueryPlan): Json =>
  Object.fromEntries(tables.map(({ input, uri, type }) => [input, { jobInputType: type, uri }]))

/** An input of a step that is one of the pipeline's, or another step's output, as REST has it. */
export const bound = (to: string): Json => ({ job_input_type: 'literal', value: `\${{${to}}}` })

const program = `serving/batch/query/main${extname(import.meta.url)}`

/** The step of the job that asks; its output has the rows. The environment is the deployment's, of which it uses nothing. */
export function queryStep(
  { sql, tables }: QueryPlan,
  environment: string | undefined,
  compute: string | null | undefined,
): Json {
  const question: Question = { sql, tables: tables.map(({ name, input }) => ({ name, input })) }
  return {
    type: 'command',
    component: {
      type: 'command',
      command: `"$TWINLOOP_NODE" --disable-warning=ExperimentalWarning "$TWINLOOP_PROGRAMS/${program}"`,
      environment,
      inputs: Object.fromEntries(tables.map(({ input, type }) => [input, { type }])),
      outputs: { [rowsOutput]: { type: 'uri_folder' } },
      is_deterministic: false,
      limits: { max_restarts: 3 },
    },
    inputs: Object.fromEntries(tables.map(({ input }) => [input, bound(`parent.inputs.${input}`)])),
    outputs: {},
    environment_variables: { [questionVariable]: JSON.stringify(question) },
    ...(compute ? { computeId: compute } : {}),
  }
}
