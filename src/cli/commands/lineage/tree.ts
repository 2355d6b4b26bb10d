import type { Trace, TraceEdge, TraceNode } from './trace.ts'
import { labelOf, minute, nounOf, relationsOf } from './trace.ts'

export type Direction = 'up' | 'down'

/** A line of a tree: what stands in its columns, and whether what it tells of is over (deleted, replaced). */
export interface TreeLine {
  readonly cells: readonly string[]
  readonly style: 'plain' | 'heading' | 'over' | 'bad'
}

/** A neighbour in a tree, with the edges that lead to it: more than one, where mere bytes lie between. */
interface Branch {
  readonly node: TraceNode
  readonly via: readonly TraceEdge[]
}

/**
 * A trace as a tree, from the root outwards: what it came of, then what came of it. What a job put out and another read
 * is not a line of its own, but what the one wrote and the other read. What is there twice is followed once.
 */
export function treeOf(trace: Trace, directions: readonly Direction[]): readonly TreeLine[] {
  const nodes = new Map(trace.nodes.map((node) => [node.id, node]))
  const root = nodes.get(trace.root)
  if (root === undefined) return []
  const lines: TreeLine[] = [line(root, labelOf(root), '', 'heading')]
  for (const direction of directions) {
    const expanded = new Set([root.id])
    const branchesOf = (node: TraceNode) => branches(trace, nodes, node, direction)
    const first = branchesOf(root)
    lines.push({ cells: [''], style: 'plain' })
    const title = direction === 'up' ? 'came of' : 'what came of it'
    lines.push({ cells: [first.length === 0 ? `${title}: nothing` : title], style: 'heading' })
    const draw = (siblings: readonly Branch[], indent: string) => {
      for (const [i, { node, via }] of siblings.entries()) {
        const last = i === siblings.length - 1
        const children = branchesOf(node)
        const again = expanded.has(node.id) && children.length > 0
        const relation = [relationsOf(via), ...(again ? ['(see above)'] : [])].join(' ')
        const over = node.deletedAt !== undefined || via.some((edge) => edge.until !== undefined)
        const bad = /^(?:failed|canceled)$/i.test(node.state ?? '')
        const branch = `${indent}${last ? '└─' : '├─'} `
        lines.push(
          leaf(node, branch, via) ??
            line(node, branch + labelOf(node), relation, over ? 'over' : bad ? 'bad' : 'plain'),
        )
        if (again) continue
        expanded.add(node.id)
        draw(children, `${indent}${last ? '   ' : '│  '}`)
      }
    }
    draw(first, '')
  }
  return lines
}

/** An output that nobody read, by its name alone: where it lies says no more than the job above it. */
function leaf({ type, name }: TraceNode, branch: string, via: readonly TraceEdge[]): TreeLine | undefined {
  const [edge] = via
  if (type !== 'place' || edge?.kind !== 'wrote' || edge.name === undefined) return undefined
  if (!name.endsWith(`/${edge.name}`) || !/\/paths\/azureml\/[^/]+\/[^/]+$/.test(name)) return undefined
  return { cells: [branch + edge.name, 'output', '', 'wrote'], style: 'plain' }
}

function line(node: TraceNode, label: string, relation: string, style: TreeLine['style']): TreeLine {
  const made = node.createdAt === undefined ? '' : minute(node.createdAt)
  return {
    cells: [label, nounOf(node), node.state ?? '', relation, made, makerOf(node), note(node)],
    style,
  }
}

/** Nobody made a step by hand: whoever made its pipeline did. */
const makerOf = ({ pipeline, createdBy }: TraceNode) => (pipeline === undefined ? (createdBy ?? '') : '')

function note({ id, pipeline, endpoint, displayName, name, version, type }: TraceNode): string {
  const registry = /\/registries\/([^/]+)\//i.exec(id)?.[1]
  if (registry !== undefined) return `in registry ${registry}`
  if (pipeline !== undefined) return `step of ${pipeline}`
  if (endpoint !== undefined) return `of ${endpoint}`
  return displayName !== undefined && version === undefined && type !== 'place' ? name : ''
}

/** Neighbours in one direction, oldest first. */
function branches(
  trace: Trace,
  nodes: ReadonlyMap<string, TraceNode>,
  from: TraceNode,
  direction: Direction,
): readonly Branch[] {
  const far = (edge: TraceEdge) => (direction === 'up' ? edge.from : edge.to)
  const near = (edge: TraceEdge) => (direction === 'up' ? edge.to : edge.from)
  const edgesAt = (id: string) => trace.edges.filter((edge) => near(edge) === id)
  const own = edgesAt(from.id).filter((edge) => !isTold(trace, edge, direction))
  const found = own.flatMap((edge): readonly Branch[] => {
    const node = nodes.get(far(edge))
    if (node === undefined) return []
    const beyond = node.type === 'place' ? edgesAt(node.id).filter((e) => far(e) !== from.id) : []
    if (beyond.length === 0) return [{ node, via: [edge] }]
    return beyond.flatMap((next): readonly Branch[] => {
      const behind = nodes.get(far(next))
      const [written, read] = direction === 'up' ? [next, edge] : [edge, next]
      // What has the same name on both sides is told once.
      const via =
        written.kind === 'wrote' && (written.name === read.name || read.name === undefined)
          ? [read]
          : [written, read]
      return behind === undefined ? [] : [{ node: behind, via }]
    })
  })
  // Where its bytes lie tells where it is from only if nothing else does.
  const isMerePlace = ({ node, via }: Branch) =>
    node.type === 'place' && via.every((e) => e.kind === 'registered')
  const telling = found.some((branch) => !isMerePlace(branch)) ? found.filter((b) => !isMerePlace(b)) : found
  return [...Map.groupBy(telling, ({ node }) => node)]
    .map(([node, same]): Branch => ({ node, via: same.flatMap(({ via }) => via) }))
    .toSorted((a, b) => compare(timeOf(a), timeOf(b)) || compare(labelOf(a.node), labelOf(b.node)))
}

const timeOf = ({ via }: Branch) => via.at(-1)?.at ?? ''
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/**
 * True of an edge that others tell, too: that a pipeline read what one of its steps read; that a pipeline ran a step
 * which came of another of its steps.
 */
function isTold({ edges }: Trace, edge: TraceEdge, direction: Direction): boolean {
  if (edge.kind === 'ran') {
    if (direction === 'up') return true
    const steps = new Set(edges.filter((e) => e.kind === 'ran' && e.from === edge.from).map((e) => e.to))
    return comesOf(edges, edge.to, steps)
  }
  if (direction === 'up' || edge.kind !== 'read') return false
  const steps = edges.filter((e) => e.kind === 'ran' && e.from === edge.to).map((e) => e.to)
  return edges.some((e) => e.kind === 'read' && e.from === edge.from && steps.includes(e.to))
}

/** Whether something came, over any number of edges, of one of others. */
function comesOf(edges: readonly TraceEdge[], id: string, others: ReadonlySet<string>): boolean {
  const seen = new Set([id])
  for (let frontier = [id]; frontier.length > 0;) {
    const before = edges.filter((e) => e.kind !== 'ran' && frontier.includes(e.to)).map((e) => e.from)
    if (before.some((b) => b !== id && others.has(b))) return true
    frontier = [...new Set(before)].filter((b) => !seen.has(b))
    for (const b of frontier) seen.add(b)
  }
  return false
}

/** The lines with their columns aligned; `mark` styles a whole line. */
export function renderTree(
  lines: readonly TreeLine[],
  mark: (style: TreeLine['style'], text: string) => string,
): string {
  const widths: number[] = []
  for (const { cells } of lines)
    if (cells.length > 1)
      for (const [i, cell] of cells.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  return lines
    .map(({ cells, style }) => {
      const shown = cells.map((cell, i) => (cells.length > 1 ? cell.padEnd(widths[i] ?? 0) : cell))
      const text = shown
        .filter((_, i) => cells.length === 1 || widths[i] !== 0)
        .join('  ')
        .trimEnd()
      return `${text === '' ? '' : mark(style, text)}\n`
    })
    .join('')
}
