import type { Db } from '../database.ts'

/**
 * Gives the run `to` what the run `from` has logged: parameters, metrics with their history, and the tags that its
 * own code set (not MLflow's or Azure's about how it was run). What `to` has already stays. Keys are of `runs`.
 */
export async function copyRunData(db: Db, from: number, to: number): Promise<void> {
  await db
    .insertInto('run_params')
    .columns(['run', 'name', 'value'])
    .expression((eb) =>
      eb
        .selectFrom('run_params')
        .select((s) => [s.val(to).as('run'), 'name', 'value'])
        .where('run', '=', from),
    )
    .onConflict((c) => c.doNothing())
    .execute()
  await db
    .insertInto('run_tags')
    .columns(['run', 'name', 'value'])
    .expression((eb) =>
      eb
        .selectFrom('run_tags')
        .select((s) => [s.val(to).as('run'), 'name', 'value'])
        .where('run', '=', from)
        .where('name', 'not like', 'mlflow.%')
        .where('name', 'not like', 'azureml.%'),
    )
    .onConflict((c) => c.doNothing())
    .execute()
  await db
    .insertInto('metric_series')
    .columns(['run', 'name', 'value', 'is_nan', 'step', 'timestamp'])
    .expression((eb) =>
      eb
        .selectFrom('metric_series')
        .select((s) => [s.val(to).as('run'), 'name', 'value', 'is_nan', 'step', 'timestamp'])
        .where('run', '=', from),
    )
    .onConflict((c) => c.doNothing())
    .execute()
  await db
    .insertInto('metrics')
    .columns(['series', 'timestamp', 'step', 'value', 'is_nan'])
    .expression((eb) =>
      eb
        .selectFrom('metric_series as old')
        .innerJoin('metric_series as new', (join) =>
          join.onRef('new.name', '=', 'old.name').on('new.run', '=', to),
        )
        .innerJoin('metrics', 'metrics.series', 'old.key')
        .select(['new.key', 'metrics.timestamp', 'metrics.step', 'metrics.value', 'metrics.is_nan'])
        .where('old.run', '=', from),
    )
    .onConflict((c) => c.doNothing())
    .execute()
}
