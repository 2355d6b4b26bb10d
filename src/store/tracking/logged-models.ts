import { sql, type Selectable } from 'kysely'
import type { Db } from '../database.ts'
import type { LoggedModelRow, LoggedModelStatus } from '../tracking-tables.ts'
import { holds, orderBy, type Owner } from './compile.ts'
import type { Condition, Ordering } from './filter.ts'
import { insertMany, type Insertion } from './insert-many.ts'
import type { NameValue } from './log.ts'
import { asValue } from './metric-points.ts'
import type { MetricPoint } from './run-data.ts'

export type LoggedModelInfo = Selectable<LoggedModelRow> & { readonly experiment_number: number }

/** A model that a run logged, with the latest value of each of its metrics per run and dataset. */
export interface LoggedModelRecord {
  readonly info: LoggedModelInfo
  readonly params: readonly NameValue[]
  readonly tags: readonly NameValue[]
  readonly metrics: readonly ModelMetric[]
}

export interface ModelMetric extends MetricPoint {
  readonly runId: string
  readonly datasetName: string
  readonly datasetDigest: string
}

export interface NewLoggedModel {
  readonly scope: string
  readonly modelId: string
  readonly experiment: number
  readonly name: string
  readonly modelType: string | null
  readonly sourceRunId: string | null
  readonly artifactUri: string
  readonly params: readonly NameValue[]
  readonly tags: readonly NameValue[]
  readonly now: number
}

export async function createLoggedModel(db: Db, model: NewLoggedModel): Promise<void> {
  const { key } = await db
    .insertInto('logged_models')
    .values({
      scope: model.scope,
      model_id: model.modelId,
      experiment: model.experiment,
      name: model.name,
      model_type: model.modelType,
      source_run_id: model.sourceRunId,
      artifact_uri: model.artifactUri,
      status: 'LOGGED_MODEL_PENDING',
      lifecycle: 'active',
      created_at: model.now,
      updated_at: model.now,
    })
    .returning('key')
    .executeTakeFirstOrThrow()
  await addModelParams(db, key, model.params)
  await setModelTags(db, key, model.tags)
}

export function findLoggedModel(
  db: Db,
  scope: string,
  modelId: string,
): Promise<LoggedModelInfo | undefined> {
  return selectModels(db)
    .where('logged_models.scope', '=', scope)
    .where('logged_models.model_id', '=', modelId)
    .executeTakeFirst()
}

const selectModels = (db: Db) =>
  db
    .selectFrom('logged_models')
    .innerJoin('experiments', 'experiments.key', 'logged_models.experiment')
    .selectAll('logged_models')
    .select('experiments.number as experiment_number')

export async function updateLoggedModel(
  db: Db,
  key: number,
  change: { readonly status?: LoggedModelStatus; readonly lifecycle?: 'deleted'; readonly now: number },
): Promise<void> {
  const { now, ...set } = change
  await db
    .updateTable('logged_models')
    .set({ ...set, updated_at: now })
    .where('key', '=', key)
    .execute()
}

const paramInsertion: Insertion = {
  table: 'logged_model_params',
  columns: ['model', 'name', 'value'],
  tail: 'on conflict do nothing',
}

const tagInsertion: Insertion = {
  table: 'logged_model_tags',
  columns: ['model', 'name', 'value'],
  tail: 'on conflict (model, name) do update set value = excluded.value',
}

/** Adds parameters; one that is there keeps its value. */
export const addModelParams = (db: Db, key: number, params: readonly NameValue[]) =>
  insertMany(db, paramInsertion, unique(key, params))

export const setModelTags = (db: Db, key: number, tags: readonly NameValue[]) =>
  insertMany(db, tagInsertion, unique(key, tags))

const unique = (key: number, pairs: readonly NameValue[]) =>
  [...new Map(pairs.map((p) => [p.name, p.value]))].map(([name, value]) => [key, name, value])

/** False if there was no such tag. */
export async function deleteModelTag(db: Db, key: number, name: string): Promise<boolean> {
  const result = await db
    .deleteFrom('logged_model_tags')
    .where('model', '=', key)
    .where('name', '=', name)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

export interface LoggedModelSearch {
  readonly experiments: readonly number[]
  readonly conditions: readonly Condition[]
  readonly orderings: readonly Ordering[]
  /** Only metrics measured on one of these count; none given: all do. An absent digest means any. */
  readonly datasets: readonly { readonly name: string; readonly digest?: string | undefined }[]
  readonly limit: number
  readonly offset: number
}

/** One page of the experiments' models that are not deleted, newest first unless ordered otherwise. */
export async function searchLoggedModels(db: Db, search: LoggedModelSearch): Promise<LoggedModelInfo[]> {
  if (search.experiments.length === 0) return []
  const owner = ownerFor(search.datasets)
  let query = selectModels(db)
    .where('logged_models.experiment', 'in', search.experiments)
    .where('logged_models.lifecycle', '=', 'active')
  for (const condition of search.conditions) query = query.where(holds(owner, condition))
  for (const term of orderBy(owner, search.orderings)) query = query.orderBy(term)
  return query
    .orderBy('logged_models.created_at', 'desc')
    .orderBy('logged_models.key', 'desc')
    .limit(search.limit)
    .offset(search.offset)
    .execute()
}

function ownerFor(datasets: LoggedModelSearch['datasets']): Owner {
  const measured = datasets.map(({ name, digest }) =>
    digest === undefined
      ? sql`v.dataset_name = ${name}`
      : sql`(v.dataset_name = ${name} and v.dataset_digest = ${digest})`,
  )
  return {
    table: 'logged_models',
    columns: {
      name: 'name',
      model_id: 'model_id',
      model_type: 'model_type',
      status: 'status',
      source_run_id: 'source_run_id',
      experiment_id: 'experiment',
      artifact_uri: 'artifact_uri',
      creation_timestamp: 'created_at',
      last_updated_timestamp: 'updated_at',
    },
    params: ['logged_model_params', 'model'],
    tags: ['logged_model_tags', 'model'],
    metrics: ['logged_model_metrics', 'model'],
    latestMetricFirst: sql`v.timestamp desc, v.step desc`,
    ...(measured.length === 0 ? {} : { metricsWhere: sql`(${sql.join(measured, sql` or `)})` }),
  }
}

/** Completes models, in their order, with three queries. */
export async function completeModels(
  db: Db,
  infos: readonly LoggedModelInfo[],
): Promise<readonly LoggedModelRecord[]> {
  if (infos.length === 0) return []
  const keys = infos.map((i) => i.key)
  const params = await db.selectFrom('logged_model_params').selectAll().where('model', 'in', keys).execute()
  const tags = await db.selectFrom('logged_model_tags').selectAll().where('model', 'in', keys).execute()
  const metrics = await db.selectFrom('logged_model_metrics').selectAll().where('model', 'in', keys).execute()
  const by = {
    params: Map.groupBy(params, (p) => p.model),
    tags: Map.groupBy(tags, (t) => t.model),
    metrics: Map.groupBy(metrics, (m) => m.model),
  }
  return infos.map((info) => ({
    info,
    params: by.params.get(info.key) ?? [],
    tags: by.tags.get(info.key) ?? [],
    metrics: (by.metrics.get(info.key) ?? []).map((m) => ({
      key: m.name,
      value: asValue(m),
      timestamp: m.timestamp,
      step: m.step,
      runId: m.run_id,
      datasetName: m.dataset_name,
      datasetDigest: m.dataset_digest,
    })),
  }))
}

/** The model of this name that the run logged last. */
export function modelOfRun(
  db: Db,
  scope: string,
  runId: string,
  name: string,
): Promise<LoggedModelInfo | undefined> {
  return selectModels(db)
    .where('logged_models.scope', '=', scope)
    .where('logged_models.source_run_id', '=', runId)
    .where('logged_models.name', '=', name)
    .where('logged_models.lifecycle', '=', 'active')
    .orderBy('logged_models.created_at', 'desc')
    .orderBy('logged_models.key', 'desc')
    .limit(1)
    .executeTakeFirst()
}
