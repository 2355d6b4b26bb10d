import type { Trace } from './trace.ts'
import { labelOf, nounOf, relationOf } from './trace.ts'

/** A trace as a flow chart of Mermaid's, as Markdown on GitHub and GitLab shows it. */
export function mermaid(trace: Trace): string {
  const text = (value: string) => `"${value.replaceAll(/["#&<>;`\\]/g, (c) => `#${c.charCodeAt(0)};`)}"`
  const number = new Map(trace.nodes.map((node, i) => [node.id, `n${i}`]))
  const nodes = trace.nodes.map((node) => {
    const label = `${text(labelOf(node)).slice(0, -1)}<br/>${nounOf(node)}"`
    const shape =
      node.type === 'place' ? `[(${label})]` : node.type.endsWith('/jobs') ? `(${label})` : `[${label}]`
    return `  ${number.get(node.id)}${shape}`
  })
  const edges = trace.edges.map(
    (edge) => `  ${number.get(edge.from)} -->|${text(relationOf(edge))}| ${number.get(edge.to)}`,
  )
  const root = `  style ${number.get(trace.root)} stroke-width:3px`
  return `${['flowchart LR', ...nodes, ...edges, root].join('\n')}\n`
}

/** A trace as a graph of Graphviz's. */
export function dot(trace: Trace): string {
  const text = (value: string) => `"${value.replaceAll(/["\\]/g, (c) => `\\${c}`).replaceAll('\n', '\\n')}"`
  const nodes = trace.nodes.map((node) => {
    const label = text(`${labelOf(node)}\n${nounOf(node)}`)
    const shape = node.type === 'place' ? 'cylinder' : node.type.endsWith('/jobs') ? 'ellipse' : 'box'
    const bold = node.id === trace.root ? ', penwidth=2' : ''
    return `  ${text(node.id)} [label=${label}, shape=${shape}${bold}]`
  })
  const edges = trace.edges.map(
    (edge) => `  ${text(edge.from)} -> ${text(edge.to)} [label=${text(relationOf(edge))}]`,
  )
  return `${['digraph lineage {', '  rankdir=LR', ...nodes, ...edges, '}'].join('\n')}\n`
}
