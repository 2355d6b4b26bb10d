import type { Db } from '../database.ts'
import type { DatasetInput } from './run-data.ts'

/** The tag of an input that says what the run used it for, such as `training`. */
export const contextTag = 'mlflow.data.context'

export interface RunKey {
  readonly key: number
  /** Key of its experiment. */
  readonly experiment: number
}

/** Records that the run read these datasets; a dataset is one of its experiment by name and digest. Idempotent. */
export async function addDatasets(db: Db, run: RunKey, inputs: readonly DatasetInput[]): Promise<void> {
  for (const input of inputs) {
    const dataset = await datasetKey(db, run.experiment, input)
    const before = await db
      .selectFrom('run_datasets')
      .select('tags')
      .where('run', '=', run.key)
      .where('dataset', '=', dataset)
      .executeTakeFirst()
    const tags = { ...(JSON.parse(before?.tags ?? '{}') as Record<string, string>), ...input.tags }
    const row = { run: run.key, dataset, context: tags[contextTag] ?? '', tags: JSON.stringify(tags) }
    await db
      .insertInto('run_datasets')
      .values(row)
      .onConflict((c) => c.columns(['run', 'dataset']).doUpdateSet({ context: row.context, tags: row.tags }))
      .execute()
  }
}

async function datasetKey(db: Db, experiment: number, input: DatasetInput): Promise<number> {
  const { name, digest, source, schema, profile } = input
  await db
    .insertInto('datasets')
    .values({ experiment, name, digest, source_type: input.sourceType, source, schema, profile })
    .onConflict((c) => c.doNothing())
    .execute()
  const row = await db
    .selectFrom('datasets')
    .select('key')
    .where('experiment', '=', experiment)
    .where('name', '=', name)
    .where('digest', '=', digest)
    .executeTakeFirstOrThrow()
  return row.key
}

/** Records logged models that the run read or made. Idempotent. */
export async function addModels(
  db: Db,
  run: RunKey,
  direction: 'input' | 'output',
  models: readonly { readonly modelId: string; readonly step?: number }[],
): Promise<void> {
  if (models.length === 0) return
  await db
    .insertInto('run_models')
    .values(models.map(({ modelId, step = 0 }) => ({ run: run.key, model_id: modelId, direction, step })))
    .onConflict((c) => c.doNothing())
    .execute()
}

export interface DatasetSummary {
  readonly experiment_number: number
  readonly name: string
  readonly digest: string
  readonly context: string
}

/** Datasets that runs of these experiments read, each with each of its contexts. */
export function summarizeDatasets(
  db: Db,
  experiments: readonly number[],
  limit: number,
): Promise<DatasetSummary[]> {
  return db
    .selectFrom('datasets')
    .innerJoin('run_datasets', 'run_datasets.dataset', 'datasets.key')
    .innerJoin('runs', 'runs.key', 'run_datasets.run')
    .innerJoin('experiments', 'experiments.key', 'datasets.experiment')
    .select([
      'experiments.number as experiment_number',
      'datasets.name',
      'datasets.digest',
      'run_datasets.context',
    ])
    .distinct()
    .where('datasets.experiment', 'in', experiments)
    .where('runs.lifecycle', '=', 'active')
    .orderBy('datasets.name')
    .orderBy('datasets.digest')
    .limit(limit)
    .execute()
}
