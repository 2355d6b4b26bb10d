import { lazy, Suspense } from 'react'
import { Loading } from '../../parts/states.tsx'

const Opened = lazy(async () => ({ default: (await import('./opened.tsx')).Opened }))

/** The editor, which is heavy: it comes once somebody makes or changes something. */
export const MakePage = () => (
  <Suspense fallback={<Loading rows={12} />}>
    <Opened />
  </Suspense>
)
