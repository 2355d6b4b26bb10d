import { childId } from '../kernel/resources/arm-id.ts'
import type { Platform } from '../kernel/platform.ts'
import type { Json, Resource } from '../kernel/resources/resource.ts'
import { recordOrigin } from '../data/lineage/record.ts'
import { parseReference } from '../data/locations.ts'
import type { Db } from '../store/database.ts'
import { completeRuns } from '../store/tracking/run-data.ts'
import { findRun } from '../store/tracking/runs.ts'

/** From what a model version came: shown with it, and kept as it was when the version was made. */
export interface Lineage {
  /** The MLflow run that made the files; also the job, where the run is one. */
  readonly run?: string
  readonly job?: string
  /** The topmost pipeline that the job was a step of. */
  readonly pipeline?: string
  readonly loggedModel?: string
  readonly data: readonly DataSource[]
}

/** Data that the job, its pipeline or its run read. */
export interface DataSource {
  /** Name of the job's input, or of the dataset that was logged. */
  readonly name: string
  /** Id of the data asset's version, or the dataset's source where it is none. */
  readonly id: string
  /** Digest and context (such as `training`) of a dataset that was logged with MLflow. */
  readonly digest?: string
  readonly context?: string
}

/** Gathers what is known of where a model came from. */
export async function traceLineage(
  platform: Platform,
  workspace: Resource,
  from: { readonly run: string | undefined; readonly loggedModel: string | undefined },
): Promise<Lineage> {
  const own = from.loggedModel === undefined ? {} : { loggedModel: from.loggedModel }
  if (from.run === undefined) return { ...own, data: [] }
  const jobId = (name: string) => childId(workspace.id, 'jobs', name)
  const job = await platform.resources.find(jobId(from.run))
  const root = job?.status['rootJobName'] as string | undefined
  const pipeline =
    root === undefined || root === job?.name ? undefined : await platform.resources.find(jobId(root))
  const data = [
    ...jobInputs(workspace, job),
    ...jobInputs(workspace, pipeline),
    ...(await loggedDatasets(platform, workspace, from.run)),
  ]
  return {
    run: from.run,
    ...(job === undefined ? {} : { job: job.name }),
    ...(pipeline === undefined ? {} : { pipeline: pipeline.name }),
    ...own,
    data: [...new Map(data.toReversed().map((d) => [d.id, d])).values()].toReversed(),
  }
}

/** The data assets among a job's inputs, with the versions that labels meant when it was submitted. */
function jobInputs(workspace: Resource, job: Resource | undefined): readonly DataSource[] {
  if (job === undefined) return []
  const inputs = Object.entries((job.properties['inputs'] ?? {}) as Readonly<Record<string, Json | null>>)
  const asked = inputs.map(([name, input]) => [name, input?.['uri'] ?? input?.['path']] as const)
  const pinned = Object.entries((job.status['pinned'] ?? {}) as Json)
  return [...asked, ...pinned].flatMap(([name, uri]) => {
    const id = typeof uri === 'string' ? dataAssetId(workspace, uri) : undefined
    return id === undefined ? [] : [{ name: name.replace(/^inputs\./, ''), id }]
  })
}

function dataAssetId(workspace: Resource, uri: string): string | undefined {
  try {
    const reference = parseReference(uri)
    if (
      reference.kind !== 'asset' ||
      (reference.type ?? 'data') !== 'data' ||
      reference.version === undefined
    )
      return
    if (reference.registry !== undefined) return uri
    return childId(workspace.id, 'data', reference.name, 'versions', reference.version)
  } catch {
    // A literal, or an expression of a pipeline: no data asset.
    return undefined
  }
}

async function loggedDatasets(
  platform: Platform,
  workspace: Resource,
  runId: string,
): Promise<readonly DataSource[]> {
  const { db } = platform.store
  const info = await findRun(db, workspace.key, runId)
  const [run] = info === undefined ? [] : await completeRuns(db, [info])
  return (run?.datasets ?? []).map((d) => ({
    name: d.name,
    id: sourceOf(d.source),
    digest: d.digest,
    ...(d.tags['mlflow.data.context'] === undefined ? {} : { context: d.tags['mlflow.data.context'] }),
  }))
}

/** MLflow describes a source in JSON, whose `uri` is all that identifies it; code that made the data has none. */
function sourceOf(source: string): string {
  try {
    const described = JSON.parse(source) as { readonly uri?: unknown; readonly url?: unknown }
    const uri = described.uri ?? described.url
    return typeof uri === 'string' ? uri : source
  } catch {
    return source
  }
}

/** Where a version that was made before lineage was kept as a graph has its files from. */
export async function tellOfModel(db: Db, version: Resource): Promise<void> {
  const { run, loggedModel } = (version.status['lineage'] ?? {}) as Partial<Lineage>
  const uri = String(version.properties['modelUri'])
  await recordOrigin(db, { id: version.id, uri, run, loggedModel }, version.createdAt.getTime())
}
