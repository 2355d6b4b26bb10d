import { sql, type Selectable } from 'kysely'
import type { Db } from './database.ts'
import type { ResourceRow } from './kernel-tables.ts'
import type { LineageEdgeRow, LineageNodeRow } from './lineage-tables.ts'

export type LineageNode = Selectable<LineageNodeRow>

/** What a node is known by before it is written. */
export interface NodeKey {
  readonly scope: string
  readonly key: string
  readonly id: string
  readonly type: string
  readonly place?: string
}

/** Bound parameters of one statement, far below what either database takes. */
const chunk = 400

/** The node that is there under that key; made if there is none. A place that is given for the first time is kept. */
export async function ensureNode(db: Db, wanted: NodeKey): Promise<number> {
  const { scope, key, id, type, place = '' } = wanted
  await db
    .insertInto('lineage_nodes')
    .values({ scope, key, id, type, place, title: '', created_at: 0, created_by: '', deleted_at: 0 })
    .onConflict((c) => c.doNothing())
    .execute()
  const { node, place: known } = await db
    .selectFrom('lineage_nodes')
    .select(['node', 'place'])
    .where('key', '=', key)
    .where('deleted_at', '=', 0)
    .executeTakeFirstOrThrow()
  if (place !== '' && known === '')
    await db.updateTable('lineage_nodes').set({ place }).where('node', '=', node).execute()
  return node
}

/** The assets whose bytes are at one of the places, and what is known of those places themselves; newest first. */
export const nodesAtPlaces = (
  db: Db,
  scope: string,
  places: readonly string[],
): Promise<readonly LineageNode[]> =>
  db
    .selectFrom('lineage_nodes')
    .selectAll()
    .where('scope', '=', scope)
    .where('place', 'in', places)
    .where('place', '<>', '')
    .where('deleted_at', '=', 0)
    .orderBy('node', 'desc')
    .execute()

/** The node that stands for what is there now under that key. */
export const aliveNode = (db: Db, key: string): Promise<LineageNode | undefined> =>
  db
    .selectFrom('lineage_nodes')
    .selectAll()
    .where('key', '=', key)
    .where('deleted_at', '=', 0)
    .executeTakeFirst()

/** Writes an edge once: it keeps its first time, unless it had ended and is so again. */
export async function ensureEdge(db: Db, edge: Omit<LineageEdgeRow, 'ended_at'>): Promise<void> {
  await db
    .insertInto('lineage_edges')
    .values({ ...edge, ended_at: 0 })
    .onConflict((c) =>
      c.columns(['source', 'target', 'kind', 'name']).doUpdateSet({
        at: sql<number>`case when lineage_edges.ended_at = 0 then lineage_edges.at else excluded.at end`,
        ended_at: 0,
      }),
    )
    .execute()
}

/** Ends the edges of a kind that lead to a node, all but those from `except`. */
export async function endEdges(
  db: Db,
  ended: {
    readonly target: number
    readonly kind: string
    readonly except: readonly number[]
    readonly at: number
  },
): Promise<void> {
  await db
    .updateTable('lineage_edges')
    .set({ ended_at: ended.at })
    .where('target', '=', ended.target)
    .where('kind', '=', ended.kind)
    .where('ended_at', '=', 0)
    .where('source', 'not in', [-1, ...ended.except])
    .execute()
}

/**
 * Leaves of a deleted resource what its neighbours need to name it; what is made later under its name is another node.
 * The lineage of a workspace goes with it.
 */
export async function buryNode(db: Db, row: ResourceRow, at: number): Promise<void> {
  const { displayName } = JSON.parse(row.properties) as { displayName?: unknown }
  await db
    .updateTable('lineage_nodes')
    .set({
      title: typeof displayName === 'string' ? displayName : '',
      created_at: row.created_at,
      created_by: row.created_by,
      deleted_at: at,
    })
    .where('key', '=', row.key)
    .where('deleted_at', '=', 0)
    .execute()
  if (row.type !== 'workspaces') return
  const own = db.selectFrom('lineage_nodes').select('node').where('scope', '=', row.key)
  await db
    .deleteFrom('lineage_edges')
    .where((e) => e.or([e('source', 'in', own), e('target', 'in', own)]))
    .execute()
  await db.deleteFrom('lineage_nodes').where('scope', '=', row.key).execute()
}

/** Edges that lead to (`up`) or from (`down`) any of the nodes, newest first, at most `limit`. */
export async function edgesOf(
  db: Db,
  nodes: readonly number[],
  direction: 'up' | 'down',
  limit: number,
): Promise<readonly LineageEdgeRow[]> {
  const found: LineageEdgeRow[] = []
  for (let i = 0; i < nodes.length && found.length < limit; i += chunk)
    found.push(
      ...(await db
        .selectFrom('lineage_edges')
        .selectAll()
        .where(direction === 'up' ? 'target' : 'source', 'in', nodes.slice(i, i + chunk))
        .orderBy('at', 'desc')
        .orderBy('source', 'desc')
        .orderBy('target', 'desc')
        .limit(limit - found.length)
        .execute()),
    )
  return found
}

/** The nodes of these numbers, each with the row of its resource, if that is there. */
export async function readNodes(
  db: Db,
  nodes: readonly number[],
): Promise<readonly { readonly node: LineageNode; readonly resource: ResourceRow | undefined }[]> {
  const found: { node: LineageNode; resource: ResourceRow | undefined }[] = []
  for (let i = 0; i < nodes.length; i += chunk) {
    const part = await db
      .selectFrom('lineage_nodes')
      .selectAll()
      .where('node', 'in', nodes.slice(i, i + chunk))
      .execute()
    const keys = part.filter((n) => n.deleted_at === 0 && n.type !== 'place').map((n) => n.key)
    const rows =
      keys.length === 0 ? [] : await db.selectFrom('resources').selectAll().where('key', 'in', keys).execute()
    const byKey = new Map(rows.map((row) => [row.key, row]))
    for (const node of part)
      found.push({ node, resource: node.deleted_at === 0 ? byKey.get(node.key) : undefined })
  }
  return found
}

/** Whether a part of the house has told of what was there before. */
export const isBackfilled = async (db: Db, name: string): Promise<boolean> =>
  (await db.selectFrom('lineage_backfills').select('name').where('name', '=', name).executeTakeFirst()) !==
  undefined

export const markBackfilled = async (db: Db, name: string, at: number): Promise<void> => {
  await db
    .insertInto('lineage_backfills')
    .values({ name, at })
    .onConflict((c) => c.doNothing())
    .execute()
}
