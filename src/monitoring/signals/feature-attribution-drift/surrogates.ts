import { comparedColumns } from '../compared-columns.ts'
import { importancesOf, notesOf, requireTarget, taskOf, type Surrogate } from '../importance/importances.ts'
import type { Population } from '../../populations/population.ts'
import type { SignalContext } from '../signal.ts'
import type { Attributions } from './attributions.ts'

/**
 * What surrogates of both sides go by, as Azure ML has it: one learns the target of the reference, the other what the model
 * predicted in production (the truth, where predictions are not told). Undefined while their jobs run.
 */
export async function surrogateAttributions(
  context: SignalContext,
  reference: Population,
  production: Population,
): Promise<Attributions | undefined> {
  const target = requireTarget(reference, 'reference')
  const { prediction, target: truth } = production.roles
  const predicted = requireTarget(production, 'production', [prediction, truth, target])
  const task = taskOf(context, reference, target)
  const { columns: compared, notes } = comparedColumns(reference, production, context.planned.features)
  const columns = compared.filter(({ name }) => name !== target && name !== predicted)
  const sides: Readonly<Record<'reference' | 'production', Surrogate>> = {
    reference: { population: reference, columns, target, task },
    production: { population: production, columns, target: predicted, task },
  }
  // Both jobs are put before either is waited for.
  const before = await importancesOf(context, 'reference', sides.reference)
  const now = await importancesOf(context, 'production', sides.production)
  if (before === undefined || now === undefined) return undefined
  return {
    reference: before.importances,
    production: now.importances,
    rows: { reference: before.rows, production: now.rows },
    method: 'mean |SHAP| of a surrogate: LightGBM, 200 trees of depth 5, seed 777',
    notes: [...notes, ...notesOf('reference', sides.reference), ...notesOf('production', sides.production)],
  }
}
