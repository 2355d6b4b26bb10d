import { comparedColumns } from '../compared-columns.ts'
import type { SignalContext } from '../signal.ts'
import { importancesOf, notesOf, requireTarget, taskOf, type Surrogate } from './importances.ts'

/** Features in the order of their importance, or what is being done to know it. */
export type Important =
  | { readonly columns: readonly string[]; readonly notes: readonly string[] }
  | { readonly doing: string }

/**
 * The `n` features of the reference that matter most to a model of its target, the most important first: Azure's
 * `top_n_feature_importance`. The reference has to be training data: throws NoData if it has no target. Asked by a job, once
 * for a reference; until it has ended the answer is what it is doing, which a signal returns as its progress.
 */
export async function importantFeatures(context: SignalContext, n: number): Promise<Important> {
  const population = await context.populations.reference()
  const target = requireTarget(population, 'reference')
  const { columns } = comparedColumns(population, population, { all: true })
  const features = columns.filter(({ name }) => name !== target)
  const surrogate: Surrogate = {
    population,
    columns: features,
    target,
    task: taskOf(context, population, target),
  }
  const found = await importancesOf(context, 'reference', surrogate)
  if (found === undefined) return { doing: `asks which features matter most for '${target}'` }
  const order = found.importances.toSorted((a, b) => b.value - a.value || (a.column < b.column ? -1 : 1))
  return { columns: order.slice(0, n).map(({ column }) => column), notes: notesOf('reference', surrogate) }
}
