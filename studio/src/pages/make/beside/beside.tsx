import { lazy, Suspense, type ComponentType } from 'react'
import type { MakeKindName } from '../../../parts/make-kinds.ts'
import { Loading } from '../../../parts/states.tsx'
import type { Reading } from '../documents/read.ts'

interface BesideProps {
  readonly kind: MakeKindName
  readonly reading: Reading | undefined
  /** True of something that is not there yet. */
  readonly isNew: boolean
}

const RulePreview = lazy(async () => ({ default: (await import('./rule-preview.tsx')).RulePreview }))
const TrafficAfter = lazy(async () => ({ default: (await import('./traffic-after.tsx')).TrafficAfter }))

const besides: Partial<
  Record<MakeKindName, ComponentType<{ readonly reading: Reading | undefined; readonly isNew: boolean }>>
> = {
  'alert-rule': RulePreview,
  'online-deployment': ({ isNew }) => (isNew ? <TrafficAfter /> : null),
}

/** Whether what a document of a kind would do is shown beside it, which takes half of the page. */
export const isTried = (kind: MakeKindName): boolean => kind === 'alert-rule'

/** What belongs to a document of a kind and does not stand in it: what it would do, what is done with it next. */
export function Beside({ kind, ...given }: BesideProps) {
  const Shown = besides[kind]
  return Shown === undefined ? null : (
    <Suspense fallback={<Loading rows={8} />}>
      <Shown {...given} />
    </Suspense>
  )
}
