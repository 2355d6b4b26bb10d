import type { Db } from '../database.ts'
import { insertMany, type Insertion } from './insert-many.ts'

/** One logged value of a metric. Timestamps are milliseconds since 1970. */
export interface Point {
  readonly key: string
  /** May be NaN or infinite. */
  readonly value: number
  readonly timestamp: number
  readonly step: number
  /** The logged model that the value is of, with the dataset it was measured on. */
  readonly modelId?: string | undefined
  readonly datasetName?: string | undefined
  readonly datasetDigest?: string | undefined
}

const isNewer = (table: string) =>
  `(excluded.step, excluded.timestamp, excluded.value) >= (${table}.step, ${table}.timestamp, ${table}.value)`

const latest = (column: string) =>
  `${column} = case when ${isNewer('metric_series')} then excluded.${column} else metric_series.${column} end`

/** A conflict updates even where nothing changes, because only then its key is returned. */
const seriesInsertion: Insertion = {
  table: 'metric_series',
  columns: ['run', 'name', 'value', 'is_nan', 'step', 'timestamp'],
  tail: `on conflict (run, name) do update set ${['value', 'is_nan', 'step', 'timestamp'].map(latest).join(', ')}
    returning key, run, name`,
}

const pointInsertion: Insertion = {
  table: 'metrics',
  columns: ['series', 'timestamp', 'step', 'value', 'is_nan'],
  tail: 'on conflict do nothing',
}

/** Adds points to runs' metrics (an exact repetition is one point) and moves each metric's latest point on. */
export async function storePoints(
  db: Db,
  points: readonly { readonly run: number; readonly point: Point }[],
): Promise<void> {
  if (points.length === 0) return
  const newest = new Map<number, Map<string, Point>>()
  for (const { run, point } of points) {
    let ofRun = newest.get(run)
    if (ofRun === undefined) newest.set(run, (ofRun = new Map()))
    const best = ofRun.get(point.key)
    if (best === undefined || newer(point, best)) ofRun.set(point.key, point)
  }
  const rows = [...newest].flatMap(([run, ofRun]) =>
    [...ofRun].map(([name, p]) => [run, name, finite(p.value), nan(p.value), p.step, p.timestamp]),
  )
  const series = new Map<number, Map<string, number>>()
  for (const row of await insertMany<{ key: number; run: number; name: string }>(db, seriesInsertion, rows)) {
    let ofRun = series.get(row.run)
    if (ofRun === undefined) series.set(row.run, (ofRun = new Map()))
    ofRun.set(row.name, row.key)
  }
  await insertMany(
    db,
    pointInsertion,
    points.map(({ run, point: p }) => [
      series.get(run)?.get(p.key),
      p.timestamp,
      p.step,
      finite(p.value),
      nan(p.value),
    ]),
  )
}

const modelMetricInsertion: Insertion = {
  table: 'logged_model_metrics',
  columns: [
    'model',
    'name',
    'run_id',
    'dataset_name',
    'dataset_digest',
    'value',
    'is_nan',
    'step',
    'timestamp',
  ],
  tail: `on conflict (model, name, run_id, dataset_name, dataset_digest) do update set value = excluded.value,
    is_nan = excluded.is_nan, step = excluded.step, timestamp = excluded.timestamp
    where ${isNewer('logged_model_metrics')}`,
}

/** Keeps the latest value of each metric of a logged model, per run and dataset. Unknown models are passed over. */
export async function storeModelMetrics(
  db: Db,
  points: readonly { readonly scope: string; readonly runId: string; readonly point: Point }[],
): Promise<void> {
  for (const [scope, ofScope] of Map.groupBy(points, (p) => p.scope)) {
    const models = await db
      .selectFrom('logged_models')
      .select(['key', 'model_id'])
      .where('scope', '=', scope)
      .where('model_id', 'in', [...new Set(ofScope.map((p) => p.point.modelId ?? ''))])
      .execute()
    const keys = new Map(models.map((m) => [m.model_id, m.key]))
    const newest = new Map<string, { model: number; runId: string; point: Point }>()
    for (const { runId, point } of ofScope) {
      const model = keys.get(point.modelId ?? '')
      if (model === undefined) continue
      const name = JSON.stringify([model, point.key, runId, point.datasetName, point.datasetDigest])
      const best = newest.get(name)
      if (best === undefined || newer(point, best.point)) newest.set(name, { model, runId, point })
    }
    const rows = [...newest.values()].map(({ model, runId, point: p }) => [
      model,
      p.key,
      runId,
      p.datasetName ?? '',
      p.datasetDigest ?? '',
      finite(p.value),
      nan(p.value),
      p.step,
      p.timestamp,
    ])
    await insertMany(db, modelMetricInsertion, rows)
  }
}

function newer(a: Point, b: Point): boolean {
  if (a.step !== b.step) return a.step > b.step
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp
  return finite(a.value) >= finite(b.value)
}

const nan = (value: number) => (Number.isNaN(value) ? 1 : 0)

/** The number that a value is kept as, as MLflow's own store does. */
export function finite(value: number): number {
  if (Number.isNaN(value)) return 0
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value))
}

/** The value that a kept number means. */
export const asValue = (row: { readonly value: number; readonly is_nan: number }) =>
  row.is_nan === 1 ? Number.NaN : row.value
