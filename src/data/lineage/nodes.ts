import { parseArmId } from '../../kernel/resources/arm-id.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { fromRow } from '../../kernel/resources/row.ts'
import type { Db } from '../../store/database.ts'
import { readNodes, type LineageNode } from '../../store/lineage-rows.ts'
import { findRuns, type RunInfo } from '../../store/tracking/runs.ts'
import { placeType } from './ends.ts'

/** A node with what is behind it: a resource, or a run that is no job, or (deleted, or a place) nothing. */
export interface NodeRead {
  readonly node: LineageNode
  readonly resource: Resource | undefined
  readonly run: RunInfo | undefined
}

/** A node as it is shown. */
export interface TracedNode {
  /** Resource id or URI; of what was deleted, with `#deleted-{time}`, for another may have its name now. */
  readonly id: string
  /** ARM type, e.g. `workspaces/data/versions`; `run` for an MLflow run that is no job; `place` for mere bytes. */
  readonly type: string
  /** Name of the asset, job, deployment or endpoint; a place's URI. */
  readonly name: string
  readonly version?: string
  readonly displayName?: string
  /** Of a deployment. */
  readonly endpoint?: string
  /** Of a step: the job of the pipeline that it is of. */
  readonly pipeline?: string
  /** `Completed`, `Succeeded`, `Archived`, `Deleted`, …; of an asset that is simply there, nothing. */
  readonly state?: string
  readonly createdAt?: string
  readonly createdBy?: string
  readonly deletedAt?: string
}

/** Reads nodes with what is behind each. */
export async function readAll(db: Db, numbers: readonly number[]): Promise<readonly NodeRead[]> {
  const found = await readNodes(db, numbers)
  const bare = found.filter(
    ({ node, resource }) =>
      resource === undefined && node.type === 'workspaces/jobs' && node.deleted_at === 0,
  )
  const runs = new Map<string, RunInfo>()
  for (const [scope, nodes] of Map.groupBy(bare, ({ node }) => node.scope))
    for (const run of await findRuns(
      db,
      scope,
      nodes.map(({ node }) => nameOf(node)),
    ))
      runs.set(run.run_id, run)
  return found.map(({ node, resource }) => ({
    node,
    resource: resource === undefined ? undefined : fromRow(resource),
    run: resource === undefined ? runs.get(nameOf(node)) : undefined,
  }))
}

const nameOf = ({ id, type }: Pick<LineageNode, 'id' | 'type'>) =>
  type === placeType ? id : (parseArmId(id).names.at(-1) ?? '')

export function presentNode({ node, resource, run }: NodeRead): TracedNode {
  if (node.type === placeType) return { id: node.id, type: placeType, name: node.id }
  const naming = namesOf(node.id)
  if (resource !== undefined)
    return { id: resource.id, type: node.type, ...naming, ...stateOf(resource), ...madeBy(resource) }
  if (run !== undefined)
    return {
      id: node.id,
      type: 'run',
      name: run.run_id,
      ...(run.name === '' ? {} : { displayName: run.name }),
      state: run.status,
      createdAt: isoTime(run.start_time),
      createdBy: run.user_id,
    }
  const deletedAt = node.deleted_at
  return {
    id: deletedAt === 0 ? node.id : `${node.id}#deleted-${isoTime(deletedAt)}`,
    type: node.type,
    ...naming,
    ...(node.title === '' ? {} : { displayName: node.title }),
    state: deletedAt === 0 ? 'Unknown' : 'Deleted',
    ...(node.created_at === 0 ? {} : { createdAt: isoTime(node.created_at), createdBy: node.created_by }),
    ...(deletedAt === 0 ? {} : { deletedAt: isoTime(deletedAt) }),
  }
}

/** The names in an id: of an asset's version both, of a deployment its endpoint's, too. */
function namesOf(id: string): Pick<TracedNode, 'name' | 'version' | 'endpoint'> {
  const { type, names } = parseArmId(id)
  const [above = '', own = ''] = [names.at(-2), names.at(-1)]
  if (type.endsWith('/versions')) return { name: above, version: own }
  return type.endsWith('/deployments') ? { name: own, endpoint: above } : { name: own }
}

function stateOf({ type, properties, status, archived, name, deleting }: Resource): Partial<TracedNode> {
  const { displayName } = properties
  const { status: phase, provisioningState, rootJobName } = status
  // Of an asset it says nothing that it is there.
  const quiet = type.endsWith('/versions') && provisioningState === 'Succeeded'
  const state = deleting
    ? 'Deleting'
    : archived
      ? 'Archived'
      : (phase ?? (quiet ? undefined : provisioningState))
  return {
    ...(typeof displayName === 'string' && displayName !== name ? { displayName } : {}),
    ...(typeof rootJobName === 'string' && rootJobName !== name ? { pipeline: rootJobName } : {}),
    ...(typeof state === 'string' ? { state } : {}),
  }
}

const madeBy = ({ createdAt, createdBy }: Resource) => ({ createdAt: createdAt.toISOString(), createdBy })

const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString()
