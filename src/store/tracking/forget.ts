import type { Store } from '../database.ts'

/**
 * Removes the experiments that a workspace had at a moment (milliseconds since 1970), with all that is below them.
 * What a later workspace of the same name made since then stays. Idempotent.
 */
export async function forgetExperiments(store: Store, scope: string, until: number): Promise<void> {
  await store.transaction(async (tx) => {
    const experiments = tx
      .selectFrom('experiments')
      .select('key')
      .where('scope', '=', scope)
      .where('created_at', '<=', until)
    const runs = tx.selectFrom('runs').select('key').where('experiment', 'in', experiments)
    const series = tx.selectFrom('metric_series').select('key').where('run', 'in', runs)
    const models = tx.selectFrom('logged_models').select('key').where('experiment', 'in', experiments)
    await tx.deleteFrom('metrics').where('series', 'in', series).execute()
    for (const table of ['metric_series', 'run_params', 'run_tags', 'run_datasets', 'run_models'] as const)
      await tx.deleteFrom(table).where('run', 'in', runs).execute()
    for (const table of ['logged_model_params', 'logged_model_tags', 'logged_model_metrics'] as const)
      await tx.deleteFrom(table).where('model', 'in', models).execute()
    for (const table of ['runs', 'logged_models', 'datasets', 'experiment_tags'] as const)
      await tx.deleteFrom(table).where('experiment', 'in', experiments).execute()
    await tx.deleteFrom('experiments').where('scope', '=', scope).where('created_at', '<=', until).execute()
  })
}
