import { lazy, Suspense, type ReactNode } from 'react'
import { Loading } from '../states.tsx'

const Flow = lazy(async () => ({ default: (await import('./flow.tsx')).Flow }))

export interface GraphNode {
  readonly id: string
  /** What those hear who do not see the picture. */
  readonly label: string
  readonly content: ReactNode
  readonly isChosen?: boolean
  readonly onOpen?: (() => void) | undefined
}

export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly label?: string
  /** Something is on its way. */
  readonly isMoving?: boolean
}

/** A picture of what follows from what, laid out from left to right. React Flow is loaded when it is shown. */
export function Graph(props: {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly label: string
  /** It is as high as it has to be, at most so many pixels. */
  readonly height?: number
  readonly direction?: 'LR' | 'TB'
}) {
  return (
    <Suspense fallback={<Loading rows={roughHeight(props) / 34} />}>
      <Flow {...props} />
    </Suspense>
  )
}

/** About as high as it will be, before it is laid out: as its widest rank is, or as many ranks where it goes down. */
function roughHeight({ nodes, edges, height = 520, direction = 'LR' }: Parameters<typeof Graph>[0]): number {
  const ranks = new Map(nodes.map(({ id }) => [id, 0]))
  // As many rounds as the longest way has steps; a graph with a circle ends, too.
  for (let round = 0; round < nodes.length; round++) {
    let isSettled = true
    for (const { from, to } of edges) {
      const least = (ranks.get(from) ?? 0) + 1
      if ((ranks.get(to) ?? 0) >= least) continue
      ranks.set(to, least)
      isSettled = false
    }
    if (isSettled) break
  }
  const widths = [...Map.groupBy(ranks.values(), (rank) => rank).values()].map(({ length }) => length)
  const needed = direction === 'LR' ? Math.max(1, ...widths) * 84 + 30 : widths.length * 106 + 8
  return Math.min(height, Math.max(150, needed))
}
