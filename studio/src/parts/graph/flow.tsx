import { graphlib, layout } from '@dagrejs/dagre'
import { Controls, Handle, Position, ReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useMemo, type ReactNode } from 'react'
import type { GraphEdge, GraphNode } from './graph.tsx'
import style from './flow.module.css'

const width = 170
const height = 58

type Data = { readonly content: ReactNode; readonly isChosen: boolean; readonly isVertical: boolean }

const types = { step: Step }

export function Flow({
  nodes,
  edges,
  label,
  height: room = 520,
  direction = 'LR',
}: {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly label: string
  readonly height?: number
  readonly direction?: 'LR' | 'TB'
}) {
  // Where things are depends on what follows from what alone, so that a change of a state moves nothing.
  const shape = JSON.stringify([
    nodes.map(({ id }) => id),
    edges.map(({ from, to }) => [from, to]),
    direction,
  ])
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- `shape` is what counts of the two
  const { places, size } = useMemo(() => placed(nodes, edges, direction), [shape])
  const drawn: Node<Data>[] = nodes.map(({ id, content, label: name, isChosen = false }) => ({
    id,
    type: 'step',
    position: places.get(id) ?? { x: 0, y: 0 },
    data: { content, isChosen, isVertical: direction === 'TB' },
    ariaLabel: name,
    width,
    height,
  }))
  const lines: Edge[] = edges.map(({ from, to, label: text, isMoving }) => ({
    id: `${from} → ${to}`,
    source: from,
    target: to,
    ...(text === undefined ? {} : { label: text, labelBgPadding: [4, 2], labelBgBorderRadius: 4 }),
    animated: isMoving === true,
    className: style.edge ?? '',
  }))
  return (
    <div
      className={style.flow}
      style={{ height: Math.min(room, Math.max(150, size + 56)) }}
      role="group"
      aria-label={label}
    >
      <ReactFlow
        nodes={drawn}
        edges={lines}
        nodeTypes={types}
        onNodeClick={(_, { id }) => nodes.find((node) => node.id === id)?.onOpen?.()}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        fitView
        fitViewOptions={{ maxZoom: 1, minZoom: 0.7, padding: 0.08 }}
        minZoom={0.15}
        zoomOnScroll={false}
        preventScrolling={false}
        onlyRenderVisibleElements={nodes.length > 200}
        proOptions={{ hideAttribution: true }}
        aria-label={label}
      >
        <Controls showInteractive={false} position="top-right" />
      </ReactFlow>
    </div>
  )
}

function Step({ data }: NodeProps<Node<Data>>) {
  const [from, to] = data.isVertical ? [Position.Top, Position.Bottom] : [Position.Left, Position.Right]
  return (
    <div className={style.node} data-chosen={data.isChosen}>
      <Handle type="target" position={from} isConnectable={false} />
      {data.content}
      <Handle type="source" position={to} isConnectable={false} />
    </div>
  )
}

function placed(nodes: readonly GraphNode[], edges: readonly GraphEdge[], direction: 'LR' | 'TB') {
  const graph = new graphlib.Graph()
  graph.setGraph({
    rankdir: direction,
    ranksep: direction === 'LR' ? 84 : 48,
    nodesep: 26,
    marginx: 8,
    marginy: 8,
  })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id } of nodes) graph.setNode(id, { width, height })
  for (const { from, to } of edges) if (graph.hasNode(from) && graph.hasNode(to)) graph.setEdge(from, to)
  layout(graph)
  const places = new Map(
    nodes.map(({ id }) => {
      const { x = 0, y = 0 } = (graph.node(id) ?? {}) as { x?: number; y?: number }
      return [id, { x: x - width / 2, y: y - height / 2 }]
    }),
  )
  return { places, size: graph.graph().height ?? 0 }
}
