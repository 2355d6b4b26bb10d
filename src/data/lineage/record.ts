import { isInRegistry, keyOf, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Db } from '../../store/database.ts'
import { endEdges, ensureEdge, ensureNode, nodesAtPlaces } from '../../store/lineage-rows.ts'
import { findRow } from '../../store/resource-rows.ts'
import { endOf, placeType, type End } from './ends.ts'

/**
 * How one thing came of another, always from what was there first: a job `read` data, and `wrote` what it put out; a
 * version was `registered` from a place or by a run, or `copied` from another; a pipeline `ran` its steps; a step
 * `reused` the results of an earlier job; a model was `deployed`, and a deployment `serves` an endpoint; data was
 * `imported` from a source or `exported` to a target; a version of a registry was `published` from a workspace's.
 */
export type LineageKind =
  | 'read'
  | 'wrote'
  | 'registered'
  | 'copied'
  | 'ran'
  | 'reused'
  | 'deployed'
  | 'serves'
  | 'imported'
  | 'exported'
  | 'published'

/** One step of lineage. Its ends are resource ids, or references in any form that `parseReference` knows. */
export interface LineageEdge {
  readonly from: string
  readonly to: string
  readonly kind: LineageKind
  /** Name of the input or output. */
  readonly name?: string
}

/**
 * Writes edges in the transaction of what they tell of; `at` is in milliseconds since 1970. What is read at a place
 * where an asset is registered was read of that asset. Ends that name nothing (a literal, another workspace's) are
 * passed over. Idempotent.
 */
export async function recordLineage(
  db: Db,
  workspaceId: string,
  edges: readonly LineageEdge[],
  at: number,
): Promise<void> {
  for (const { from, to, kind, name = '' } of edges) {
    const [first, then] = [endOf(workspaceId, from), endOf(workspaceId, to)]
    if (first === undefined || then === undefined || first.key === then.key) continue
    const source = await sourceNode(db, first)
    await ensureEdge(db, { source, target: await ensureNode(db, then), kind, name, at })
  }
}

/** Ends what was `kind` of `to` but is not of `from` any more: a deployment that was given another model. */
export async function endLineage(
  db: Db,
  workspaceId: string,
  ended: { readonly to: string; readonly kind: LineageKind; readonly from: readonly string[] },
  at: number,
): Promise<void> {
  const to = endOf(workspaceId, ended.to)
  if (to === undefined) return
  const except: number[] = []
  for (const text of ended.from) {
    const end = endOf(workspaceId, text)
    if (end !== undefined) except.push(await sourceNode(db, end))
  }
  await endEdges(db, { target: await ensureNode(db, to), kind: ended.kind, except, at })
}

/** What is known of where a new version of an asset has its bytes from. */
export interface Origin {
  /** Id of the version. */
  readonly id: string
  readonly uri: string
  /** The job or run that is known to have made them. */
  readonly run?: string | undefined
  /** Under which name. */
  readonly output?: string | undefined
  /** It was imported: whence, the import itself writes. */
  readonly isImported?: boolean
  /** The id by which MLflow knew them before. */
  readonly loggedModel?: string | undefined
}

/**
 * Writes where a new version has its bytes from: the job or run that made them, or (unless somebody uploaded them for
 * it, or an import did) the place itself.
 */
export async function recordOrigin(db: Db, version: Origin, at: number): Promise<void> {
  // What a registry has was published to it, and whoever published it says so.
  if (isInRegistry(version.id)) return
  const workspaceId = scopeId(version.id) ?? ''
  const asset = endOf(workspaceId, version.id)
  const place = endOf(workspaceId, version.uri)
  if (asset === undefined) return
  const isPlace = place?.type === placeType
  const target = await ensureNode(db, isPlace ? { ...asset, place: place.within[0] ?? place.id } : asset)
  const output = isPlace ? await jobOutput(db, workspaceId, place.id) : undefined
  const maker = version.run ?? output?.job
  const run = maker === undefined ? undefined : endOf(workspaceId, `runs:/${maker}`)
  if (run !== undefined) {
    const source = await ensureNode(db, run)
    const logged =
      version.loggedModel === undefined ? undefined : endOf(workspaceId, `models:/${version.loggedModel}`)
    const kind = asset.type.endsWith('/models/versions') ? 'registered' : 'wrote'
    const name = version.output ?? output?.name ?? ''
    if (logged === undefined) return ensureEdge(db, { source, target, kind, name, at })
    const between = await ensureNode(db, logged)
    await ensureEdge(db, { source, target: between, kind: 'wrote', name: 'model', at })
    await ensureEdge(db, { source: between, target, kind, name: '', at })
  } else if (place !== undefined && version.isImported !== true && !isUpload(place)) {
    const source = await ensureNode(db, place)
    const kind = isPlace ? 'registered' : place.type.endsWith('/versions') ? 'copied' : 'wrote'
    if (source !== target) await ensureEdge(db, { source, target, kind, name: '', at })
  }
}

/** The node of what was there first: of a place, the innermost asset or place around it that is known. */
async function sourceNode(db: Db, end: End): Promise<number> {
  if (end.type !== placeType) return ensureNode(db, end)
  const known = await nodesAtPlaces(db, end.scope, end.within)
  for (const place of end.within) {
    const there = known.filter((node) => node.place === place)
    const best = there.find((node) => node.type !== placeType) ?? there[0]
    if (best !== undefined) return best.node
  }
  return ensureNode(db, end)
}

/** The job whose output a place is by its path, if there is that job. */
async function jobOutput(db: Db, workspaceId: string, place: string) {
  const [, job, name = ''] =
    /^azureml:\/\/datastores\/[^/]+\/paths\/azureml\/([^/]+)\/([^/]+)$/.exec(place) ?? []
  if (job === undefined) return undefined
  return (await findRow(db, keyOf(`${workspaceId}/jobs/${job}`))) === undefined ? undefined : { job, name }
}

/** What a client uploads for one asset lies below its digest, and is that asset. */
const isUpload = (place: End) => /^azureml:\/\/datastores\/[^/]+\/paths\/LocalUpload\//.test(place.id)
