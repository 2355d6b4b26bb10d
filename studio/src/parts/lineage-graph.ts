import type { LineageAnswer, LineageNode } from '../api/lineage.ts'

export interface Contracted {
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label: string }[]
}

/**
 * The graph without the places where bytes lay in between: who wrote to a place leads to who read there. Places at the
 * ends stay, since nothing else tells of them.
 */
export function withoutPlaces({ nodes, edges }: LineageAnswer): Contracted {
  const isPlace = new Set(nodes.filter(({ type }) => type === 'place').map(({ id }) => id))
  const into = Map.groupBy(edges, ({ to }) => to)
  const outOf = Map.groupBy(edges, ({ from }) => from)
  const between = new Set([...isPlace].filter((id) => into.has(id) && outOf.has(id)))
  const label = ({ name, kind }: { name?: string; kind: string }) => name ?? kind

  const found = new Map<string, { from: string; to: string; labels: Set<string> }>()
  const add = (from: string, to: string, text: string) => {
    if (from === to) return
    const edge = found.get(`${from} ${to}`) ?? { from, to, labels: new Set<string>() }
    edge.labels.add(text)
    found.set(`${from} ${to}`, edge)
  }
  /** Follows places to the next things that are none. */
  const reach = (id: string, seen: ReadonlySet<string>): readonly string[] =>
    !between.has(id)
      ? [id]
      : seen.has(id)
        ? []
        : (outOf.get(id) ?? []).flatMap(({ to }) => reach(to, new Set([...seen, id])))

  for (const edge of edges)
    if (!between.has(edge.from)) for (const to of reach(edge.to, new Set())) add(edge.from, to, label(edge))
  return {
    nodes: nodes.filter(({ id }) => !between.has(id)),
    edges: [...found.values()].map(({ from, to, labels }) => ({ from, to, label: [...labels].join(', ') })),
  }
}

/** The things nearest to one, by how many edges lie between whatever their way; not more than so many, with it. */
export function around({ nodes, edges }: Contracted, id: string, most: number): Contracted {
  const neighbours = new Map<string, string[]>()
  for (const { from, to } of edges) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to])
    neighbours.set(to, [...(neighbours.get(to) ?? []), from])
  }
  const root = nodes.find((node) => node.id.toLowerCase() === id.toLowerCase())?.id ?? nodes[0]?.id ?? ''
  const kept = new Set([root])
  for (const one of kept) for (const next of neighbours.get(one) ?? []) if (kept.size < most) kept.add(next)
  return {
    nodes: nodes.filter((node) => kept.has(node.id)),
    edges: edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  }
}
