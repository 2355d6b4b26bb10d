import { createHash } from 'node:crypto'
import { z } from 'zod'
import { plural, quantity } from '../../../data/contracts/words/say.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { NoData, type Population, type PopulationColumn } from '../../populations/population.ts'
import { askProgram } from '../jobs/ask-program.ts'
import { sampled } from '../jobs/rows.ts'
import type { SignalContext } from '../signal.ts'

/** Which model is asked what it goes by: one that is to learn the target from the columns. */
export interface Surrogate {
  readonly population: Population
  readonly columns: readonly PopulationColumn[]
  readonly target: string
  readonly task: 'classification' | 'regression'
}

const answer = z.object({
  rows: z.number(),
  explained: z.number(),
  importances: z.array(z.object({ column: z.string(), value: z.number() })),
})

/** Importance of each column: mean |SHAP| of a surrogate of the target. */
export type Importances = z.infer<typeof answer>

/** The surrogate is trained on so many rows at most. */
export const mostRows = 100_000

/** Another definition of importance is another answer: what was kept of the one before does not count. */
const definition = 1

/**
 * Importance of columns for the target, by a job (`python/twinloop_signal/importances.py`): undefined while it runs.
 * Kept by what the rows are, so a fixed reference is asked once. Throws NoData where nothing can be learned.
 */
export async function importancesOf(
  context: SignalContext,
  name: string,
  surrogate: Surrogate,
): Promise<Importances | undefined> {
  const key = keyOf(surrogate, context.seed)
  const known = await peek(context, key)
  if (known !== undefined) return answer.parse(known)
  const found = await askProgram(context, `importances-${name}`, () => Promise.resolve(question(surrogate)))
  if (found === undefined) return undefined
  return answer.parse(await context.cached(key, () => Promise.resolve(found)))
}

function question({ population, columns, target, task }: Surrogate) {
  const categorical = columns.filter(({ kind }) => kind === 'categorical').map((column) => column.name)
  return {
    program: 'importances.py',
    ask: { columns: columns.map((column) => column.name), categorical, target, task },
    rows: {
      rows: {
        population,
        columns: [
          ...columns.map((column) => ({
            name: column.name,
            as: column.kind === 'categorical' ? ('text' as const) : ('number' as const),
          })),
          { name: target, as: task === 'classification' ? ('text' as const) : ('number' as const) },
        ],
        most: mostRows,
      },
    },
  }
}

function keyOf({ population, columns, target, task }: Surrogate, seed: number): string {
  const isSampled = sampled({ population, most: mostRows })
  const asked = [definition, population.fingerprint, target, task, ...(isSampled ? [seed] : []), columns]
  return `shared/importances/${createHash('sha256').update(JSON.stringify(asked)).digest('hex')}`
}

class NotThere extends Error {}

/** What is kept under a key; undefined if nothing is. */
async function peek(context: SignalContext, key: string): Promise<Json | undefined> {
  try {
    return await context.cached(key, () => Promise.reject(new NotThere()))
  } catch (error) {
    if (error instanceof NotThere) return undefined
    throw error
  }
}

/** What kind of model a target asks for: the monitor's task, or else Azure's reading of the target's values. */
export function taskOf(
  { monitor }: Pick<SignalContext, 'monitor'>,
  { columns }: Population,
  target: string,
): Surrogate['task'] {
  const kind = columns.find(({ name }) => name === target)?.kind
  return monitor.task ?? (kind === 'numerical' ? 'regression' : 'classification')
}

/** The column that a surrogate of these rows learns. Throws NoData if there is none. */
export function requireTarget(
  { roles, columns }: Population,
  whose: string,
  names: readonly (string | undefined)[] = [roles.target],
): string {
  const found = names.find((name) => columns.some((column) => column.name === name))
  if (found === undefined)
    throw new NoData(
      `It is not known what the model is to predict in the ${whose} data: name the column (data_column_names: { target_column: … }).`,
    )
  return found
}

/** What a reader should know of the rows that were asked. */
export const notesOf = (whose: string, { population, columns }: Surrogate): readonly string[] =>
  sampled({ population, most: mostRows })
    ? [
        `Importance of ${plural(columns.length, 'column')} in the ${whose} data by about ${quantity(mostRows)} of ${plural(population.rows, 'row')}, drawn at random.`,
      ]
    : []
