import { experimentKeys } from '../../store/tracking/experiments.ts'
import type { Db } from '../../store/database.ts'
import type { RunSelection } from '../../store/tracking/search-runs.ts'
import { experimentNumber } from '../protocol/limits.ts'
import { runs } from '../search/entities.ts'
import { parseFilter } from '../search/parse.ts'

/** The active runs of experiments, by their numbers, that MLflow's filter leaves. Throws badRequest for a wrong filter. */
export async function selectionOf(
  db: Db,
  scope: string,
  asked: { readonly experimentIds: readonly string[]; readonly filter?: string | undefined },
): Promise<RunSelection> {
  const found = await experimentKeys(db, scope, asked.experimentIds.map(experimentNumber))
  return {
    experiments: [...found.keys()],
    lifecycles: ['active'],
    conditions: parseFilter(runs, asked.filter),
  }
}
