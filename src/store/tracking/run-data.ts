import type { Db } from '../database.ts'
import type { NameValue } from './log.ts'
import { asValue } from './metric-points.ts'
import type { RunInfo } from './runs.ts'

/** A run with all that it logged: the latest value of each metric, and what it read and made. */
export interface RunRecord {
  readonly info: RunInfo
  readonly metrics: readonly MetricPoint[]
  readonly params: readonly NameValue[]
  readonly tags: readonly NameValue[]
  readonly datasets: readonly DatasetInput[]
  readonly modelInputs: readonly string[]
  readonly modelOutputs: readonly { readonly modelId: string; readonly step: number }[]
}

export interface MetricPoint {
  readonly key: string
  readonly value: number
  readonly timestamp: number
  readonly step: number
}

export interface DatasetInput {
  readonly tags: Readonly<Record<string, string>>
  readonly name: string
  readonly digest: string
  readonly sourceType: string
  readonly source: string
  readonly schema: string | null
  readonly profile: string | null
}

/** Owners in one query: within every database's bound on parameters. */
const ownersPerQuery = 1000

/** Completes a page of runs, in its order, with five queries per thousand runs. */
export async function completeRuns(db: Db, infos: readonly RunInfo[]): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = []
  for (let from = 0; from < infos.length; from += ownersPerQuery)
    records.push(...(await completeChunk(db, infos.slice(from, from + ownersPerQuery))))
  return records
}

async function completeChunk(db: Db, infos: readonly RunInfo[]): Promise<readonly RunRecord[]> {
  if (infos.length === 0) return []
  const keys = infos.map((i) => i.key)
  const metrics = await db
    .selectFrom('metric_series')
    .select(['run', 'name', 'value', 'is_nan', 'timestamp', 'step'])
    .where('run', 'in', keys)
    .orderBy('run')
    .orderBy('name')
    .execute()
  const params = await db.selectFrom('run_params').selectAll().where('run', 'in', keys).execute()
  const tags = await db.selectFrom('run_tags').selectAll().where('run', 'in', keys).execute()
  const datasets = await db
    .selectFrom('run_datasets')
    .innerJoin('datasets', 'datasets.key', 'run_datasets.dataset')
    .selectAll('datasets')
    .select(['run_datasets.run', 'run_datasets.tags'])
    .where('run_datasets.run', 'in', keys)
    .execute()
  const models = await db.selectFrom('run_models').selectAll().where('run', 'in', keys).execute()
  const by = {
    metrics: Map.groupBy(metrics, (m) => m.run),
    params: Map.groupBy(params, (p) => p.run),
    tags: Map.groupBy(tags, (t) => t.run),
    datasets: Map.groupBy(datasets, (d) => d.run),
    models: Map.groupBy(models, (m) => m.run),
  }
  return infos.map((info) => {
    const ofRun = by.models.get(info.key) ?? []
    return {
      info,
      metrics: (by.metrics.get(info.key) ?? []).map((m) => ({
        key: m.name,
        value: asValue(m),
        timestamp: m.timestamp,
        step: m.step,
      })),
      params: by.params.get(info.key) ?? [],
      tags: by.tags.get(info.key) ?? [],
      datasets: (by.datasets.get(info.key) ?? []).map((d) => ({
        tags: JSON.parse(d.tags) as Record<string, string>,
        name: d.name,
        digest: d.digest,
        sourceType: d.source_type,
        source: d.source,
        schema: d.schema,
        profile: d.profile,
      })),
      modelInputs: ofRun.filter((m) => m.direction === 'input').map((m) => m.model_id),
      modelOutputs: ofRun
        .filter((m) => m.direction === 'output')
        .map((m) => ({ modelId: m.model_id, step: m.step })),
    }
  })
}
