import { listing } from '../../../data/contracts/words/say.ts'
import type { Features } from '../../monitors/monitor.ts'
import { comparedColumns } from '../compared-columns.ts'
import type { SignalContext } from '../signal.ts'
import { importancesOf, notesOf, taskOf, type Surrogate } from './importances.ts'

/** Which features are the most important ones, or what is being done to know it. */
export type Important =
  | { readonly features: Exclude<Features, { readonly top: number }>; readonly notes: readonly string[] }
  | { readonly doing: string }

/**
 * The `n` features of the reference that matter most to a model of its target, the most important first: Azure's
 * `top_n_feature_importance`. Asked by a job, once for a reference; until it has ended the answer is what it is doing. Where
 * the reference has no more features, or no target that would tell, it is all of them, and no job is asked.
 */
export async function importantFeatures(context: SignalContext, n: number): Promise<Important> {
  const population = await context.populations.reference()
  const { target } = population.roles
  const { columns } = comparedColumns(population, population, { all: true })
  const features = columns.filter(({ name }) => name !== target)
  if (features.length <= n) return { features: { all: true }, notes: [] }
  if (target === undefined)
    return {
      features: { all: true },
      notes: [
        `Which ${n} features matter most is not known, so all are looked at: the reference names no target (data_column_names: { target_column: … }).`,
      ],
    }
  const surrogate: Surrogate = {
    population,
    columns: features,
    target,
    task: taskOf(context, population, target),
  }
  const found = await importancesOf(context, 'all', surrogate)
  if (found === undefined) return { doing: `asks which features matter most for '${target}'` }
  const order = found.importances.toSorted((a, b) => b.value - a.value || (a.column < b.column ? -1 : 1))
  const names = order.slice(0, n).map(({ column }) => column)
  return {
    features: { names },
    notes: [
      `The features that matter most in the reference: ${listing(names, 20)}.`,
      ...notesOf('reference', surrogate),
    ],
  }
}
