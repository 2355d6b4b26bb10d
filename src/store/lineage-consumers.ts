import { sql } from 'kysely'
import type { Db } from './database.ts'

/** How many things of each kind use what the nodes of one group stand for. */
export interface Consumers {
  /** Jobs that read it. */
  readonly jobs: number
  /** Versions of models that came of it, through whatever jobs, data and places there were between. */
  readonly models: number
  /** Endpoints that one of those versions serves now. */
  readonly endpoints: number
}

/** What data becomes on its way to a model. */
const between = ['workspaces/data/versions', 'workspaces/jobs', 'place']

/**
 * Counts the consumers of groups of data versions, in one question: by the key of a group the keys of its versions. A
 * group of which lineage knows nothing is not in the answer.
 */
export async function countConsumers(
  db: Db,
  scope: string,
  groups: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, Consumers>> {
  const groupOf = new Map([...groups].flatMap(([group, keys]) => keys.map((key) => [key, group])))
  const nodes = await db
    .selectFrom('lineage_nodes')
    .select(['node', 'key'])
    .where('scope', '=', scope)
    .where('type', '=', 'workspaces/data/versions')
    .where('deleted_at', '=', 0)
    .execute()
  const names = [...groups.keys()]
  const roots = nodes.flatMap(({ node, key }) => {
    const group = groupOf.get(key)
    return group === undefined ? [] : [sql`(${sql.lit(names.indexOf(group))}, ${sql.lit(node)})`]
  })
  if (roots.length === 0) return new Map()
  const counted = await sql<{ part: number; kind: string; n: number | string }>`
    with recursive roots(part, node) as (values ${sql.join(roots)}),
    reached(part, node) as (
      select part, node from roots
      union
      select reached.part, e.target from reached
        join lineage_nodes n on n.node = reached.node and n.type in (${sql.join(between)})
        join lineage_edges e on e.source = reached.node and e.kind in ('read', 'wrote', 'registered', 'copied', 'reused')
    ),
    made(part, node) as (
      select reached.part, reached.node from reached
        join lineage_nodes n on n.node = reached.node and n.type = 'workspaces/models/versions' and n.deleted_at = 0
    )
    select part, 'jobs' as kind, count(distinct e.target) as n from roots
      join lineage_edges e on e.source = roots.node and e.kind = 'read'
      join lineage_nodes n on n.node = e.target and n.type = 'workspaces/jobs' group by part
    union all
    select part, 'models', count(distinct node) from made group by part
    union all
    select part, 'endpoints', count(distinct s.target) from made
      join lineage_edges d on d.source = made.node and d.kind = 'deployed' and d.ended_at = 0
      join lineage_nodes n on n.node = d.target and n.deleted_at = 0
      join lineage_edges s on s.source = d.target and s.kind = 'serves' and s.ended_at = 0
      join lineage_nodes endpoint on endpoint.node = s.target and endpoint.deleted_at = 0 group by part`.execute(
    db,
  )
  const found = new Map<string, Consumers>()
  for (const { part, kind, n } of counted.rows) {
    const group = names[part] ?? ''
    const known = found.get(group) ?? { jobs: 0, models: 0, endpoints: 0 }
    found.set(group, { ...known, [kind]: Number(n) })
  }
  return found
}
