import type { Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import { isInRegistry, parseArmId } from '../../kernel/resources/arm-id.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Db } from '../../store/database.ts'
import { aliveNode, edgesOf } from '../../store/lineage-rows.ts'
import type { LineageEdgeRow } from '../../store/lineage-tables.ts'
import { placeType } from './ends.ts'
import { presentNode, readAll, type NodeRead, type TracedNode } from './nodes.ts'

export interface TraceOptions {
  readonly direction: 'up' | 'down' | 'both'
  /** How many steps away from the root. */
  readonly depth: number
  /** How many nodes at most. */
  readonly limit: number
}

/** An edge between two nodes of a trace, by their ids. */
export interface TracedEdge {
  readonly from: string
  readonly to: string
  /** See `LineageKind`. */
  readonly kind: string
  /** Name of the input or output. */
  readonly name?: string
  readonly at: string
  /** When it ceased to be so. */
  readonly until?: string
}

/** What something came of, and what came of it. There is a circle only where a job wrote to what it had read. */
export interface Trace {
  readonly root: string
  readonly nodes: readonly TracedNode[]
  readonly edges: readonly TracedEdge[]
  /** True if there is more, beyond `depth` or beyond `limit`. */
  readonly truncated: boolean
  /** How many neighbours the asker may not read; what lies behind them is not looked for. */
  readonly withheld: number
}

/** Walks lineage from a resource, through what the actor may read. */
export async function trace(
  platform: Platform,
  actor: Actor,
  root: Resource,
  options: TraceOptions,
): Promise<Trace> {
  const { db } = platform.store
  const start = await aliveNode(db, root.key)
  // Nothing has come of it, nor did it come of anything.
  if (start === undefined)
    return { root: root.id, nodes: [bareNode(root)], edges: [], truncated: false, withheld: 0 }
  const walk: Walk = {
    start: start.node,
    seen: new Map((await readAll(db, [start.node])).map((n) => [n.node.node, n])),
    edges: new Map(),
    runs: new Map(),
    withheld: new Set(),
    truncated: false,
  }
  const may = (node: NodeRead) => mayRead(platform, actor, node)
  if (options.direction !== 'down') await follow(db, walk, 'up', options, may)
  if (options.direction !== 'up') await follow(db, walk, 'down', options, may)
  for (const [key, edge] of walk.runs)
    if (walk.seen.has(edge.source) && walk.seen.has(edge.target)) walk.edges.set(key, edge)
  const shown = new Map([...walk.seen].map(([number, node]) => [number, presentNode(node)]))
  const idOf = (number: number) => shown.get(number)?.id ?? ''
  return {
    root: idOf(start.node),
    nodes: [...shown.values()],
    edges: [...walk.edges.values()].map((edge) => presentEdge(edge, idOf)),
    truncated: walk.truncated,
    withheld: walk.withheld.size,
  }
}

interface Walk {
  readonly start: number
  readonly seen: Map<number, NodeRead>
  readonly edges: Map<string, LineageEdgeRow>
  /** Edges from pipelines to their steps, which are told of but not followed. */
  readonly runs: Map<string, LineageEdgeRow>
  readonly withheld: Set<number>
  truncated: boolean
}

/** Follows edges in one direction, all of one distance at a time. */
async function follow(
  db: Db,
  walk: Walk,
  direction: 'up' | 'down',
  { depth, limit }: TraceOptions,
  may: (node: NodeRead) => Promise<boolean>,
): Promise<void> {
  const far = ({ source, target }: LineageEdgeRow) => (direction === 'up' ? source : target)
  const visited = new Set([walk.start])
  for (let distance = 0, frontier = [walk.start]; frontier.length > 0; distance++) {
    const most = limit * edgesPerNode
    const found = await edgesOf(db, frontier, direction, most)
    walk.truncated ||= found.length >= most
    // What a pipeline read concerns those of its steps that read it, too, and those say so themselves.
    const isOwnStep = direction === 'down' && distance === 0
    const followed = found.filter(({ kind }) => kind !== 'ran' || isOwnStep)
    for (const edge of found) if (edge.kind === 'ran') walk.runs.set(keyOfEdge(edge), edge)
    const fresh = [...new Set(followed.map(far))].filter((n) => !walk.seen.has(n) && !walk.withheld.has(n))
    if (distance >= depth) {
      walk.truncated ||= fresh.length > 0
      return
    }
    for (const node of await readAll(db, fresh))
      if (!(await may(node))) walk.withheld.add(node.node.node)
      else if (walk.seen.size < limit) walk.seen.set(node.node.node, node)
      else walk.truncated = true
    const next = new Set<number>()
    for (const edge of followed) {
      if (!walk.seen.has(far(edge))) continue
      walk.edges.set(keyOfEdge(edge), edge)
      if (!visited.has(far(edge))) next.add(far(edge))
    }
    for (const node of next) visited.add(node)
    frontier = [...next]
  }
}

/** Edges that are read at once for each node that may be shown. */
const edgesPerNode = 4

const keyOfEdge = ({ source, target, kind, name }: LineageEdgeRow) => `${source} ${target} ${kind} ${name}`

const bareNode = (root: Resource): TracedNode =>
  presentNode({
    node: {
      node: 0,
      scope: root.scope,
      key: root.key,
      id: root.id,
      type: root.type,
      place: '',
      title: '',
      created_at: 0,
      created_by: '',
      deleted_at: 0,
    },
    resource: root,
    run: undefined,
  })

function presentEdge(edge: LineageEdgeRow, idOf: (node: number) => string): TracedEdge {
  const time = (value: number) => new Date(value).toISOString()
  return {
    from: idOf(edge.source),
    to: idOf(edge.target),
    kind: edge.kind,
    ...(edge.name === '' ? {} : { name: edge.name }),
    at: time(edge.at),
    ...(edge.ended_at === 0 ? {} : { until: time(edge.ended_at) }),
  }
}

/** Of a place, who may read the workspace's datastores may know; of anything else, who may read it. */
function mayRead(platform: Platform, actor: Actor, { node, run }: NodeRead): Promise<boolean> {
  if (node.type === placeType)
    return platform.access.can(
      actor,
      'Microsoft.MachineLearningServices/workspaces/datastores/read',
      node.scope,
    )
  const { provider, type } = parseArmId(node.id)
  const what =
    run !== undefined ? 'workspaces/experiments/runs' : isInRegistry(node.id) ? 'registries/assets' : type
  return platform.access.can(actor, `${provider}/${what}/read`, node.key)
}
