import { datasetReference, endOf } from '../data/lineage/ends.ts'
import { recordLineage, type LineageEdge } from '../data/lineage/record.ts'
import type { Db } from '../store/database.ts'
import { contextTag } from '../store/tracking/inputs.ts'
import type { DatasetInput } from '../store/tracking/run-data.ts'

/** In which workspace, and when (milliseconds since 1970). */
interface At {
  readonly workspace: string
  readonly now: number
}

/** Writes the datasets and logged models that a run says it read. */
export function recordRead(
  db: Db,
  { workspace, now }: At,
  runId: string,
  read: {
    readonly datasets: readonly Pick<DatasetInput, 'name' | 'digest' | 'source' | 'tags'>[]
    readonly models: readonly { readonly model_id: string }[]
  },
): Promise<void> {
  const to = `runs:/${runId}`
  const datasets = read.datasets.map((dataset): LineageEdge => ({
    from: datasetEnd(workspace, dataset),
    to,
    kind: 'read',
    name: dataset.tags[contextTag] ?? dataset.name,
  }))
  const models = read.models.map(({ model_id: id }): LineageEdge => ({
    from: `models:/${id}`,
    to,
    kind: 'read',
    name: 'model',
  }))
  return recordLineage(db, workspace, [...datasets, ...models], now)
}

/** Writes the logged models that a run says it made. */
export function recordMade(
  db: Db,
  { workspace, now }: At,
  runId: string,
  models: readonly { readonly modelId: string }[],
): Promise<void> {
  const edges = models.map(({ modelId }): LineageEdge => ({
    from: `runs:/${runId}`,
    to: `models:/${modelId}`,
    kind: 'wrote',
    name: 'model',
  }))
  return recordLineage(db, workspace, edges, now)
}

/**
 * Where a dataset is, if its source says so in words that mean something here: MLflow describes a source in JSON, whose
 * `uri` or `url` is all that identifies it. Data that code made, or a path of some machine, is known by name and digest.
 */
function datasetEnd(
  workspace: string,
  { name, digest, source }: Pick<DatasetInput, 'name' | 'digest' | 'source'>,
): string {
  const uri = uriOf(source)
  return uri !== undefined && endOf(workspace, uri) !== undefined ? uri : datasetReference(name, digest)
}

function uriOf(source: string): string | undefined {
  try {
    const { uri, url } = JSON.parse(source) as { readonly uri?: unknown; readonly url?: unknown }
    return [uri, url].find((text) => typeof text === 'string')
  } catch {
    return source
  }
}
