import { recordLineage, type LineageEdge } from '../data/lineage/record.ts'
import { childId, scopeId } from '../kernel/resources/arm-id.ts'
import type { Resource } from '../kernel/resources/resource.ts'
import type { Db } from '../store/database.ts'
import { asJob, isPipeline } from './jobs/job.ts'
import type { Job, JobResult } from './jobs/job.ts'

const workspaceOf = (job: Job) => scopeId(job.id) ?? ''
const sibling = (job: Job, name: string) => childId(workspaceOf(job), 'jobs', name)

/** Writes what a job reads now that it begins, as it was pinned, and which pipeline it is a step of. */
export function recordReads(db: Db, job: Job, at: number): Promise<void> {
  const { parentJobName: parent, stepName } = job.properties
  const edges = Object.entries(job.status.pinned).map(([name, uri]): LineageEdge => ({
    from: uri,
    to: job.id,
    kind: 'read',
    name,
  }))
  if (typeof parent === 'string')
    edges.push({ from: sibling(job, parent), to: job.id, kind: 'ran', name: stepName ?? '' })
  return recordLineage(db, workspaceOf(job), edges, at)
}

/** Writes what a job put out; an output that became an asset was told of when that was made. */
export function recordWrites(
  db: Db,
  job: Job,
  outputs: Readonly<Record<string, JobResult>>,
  at: number,
): Promise<void> {
  const edges = Object.entries(outputs).flatMap(([name, { uri, assetId }]): readonly LineageEdge[] =>
    assetId === undefined ? [{ from: job.id, to: uri, kind: 'wrote', name }] : [],
  )
  return recordLineage(db, workspaceOf(job), edges, at)
}

/** Writes what a step would have read and that it took the results of an earlier job instead. */
export async function recordReuse(db: Db, job: Job, reusedFrom: string, at: number): Promise<void> {
  await recordReads(db, job, at)
  const edge: LineageEdge = { from: sibling(job, reusedFrom), to: job.id, kind: 'reused' }
  await recordLineage(db, workspaceOf(job), [edge], at)
}

/** All of it, of a job that ran before there was lineage. */
export async function tellOfJob(db: Db, resource: Resource): Promise<void> {
  const job = asJob(resource)
  const { startTime, endTime, outputs = {}, reusedFrom } = job.status
  if (startTime === undefined) return
  const began = Date.parse(startTime)
  if (reusedFrom !== undefined) return recordReuse(db, job, reusedFrom, began)
  await recordReads(db, job, began)
  if (!isPipeline(job)) await recordWrites(db, job, outputs, Date.parse(endTime ?? startTime))
}
