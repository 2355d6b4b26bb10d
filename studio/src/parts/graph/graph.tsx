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
    <Suspense fallback={<Loading rows={Math.round((props.height ?? 320) / 34)} />}>
      <Flow {...props} />
    </Suspense>
  )
}
