import { lazy, Suspense } from 'react'
import type { MakeKindName } from '../../../parts/make-kinds.ts'
import { Loading } from '../../../parts/states.tsx'
import type { Reading } from '../documents/read.ts'

const RulePreview = lazy(async () => ({ default: (await import('./rule-preview.tsx')).RulePreview }))

const besides: Partial<Record<MakeKindName, typeof RulePreview>> = { 'alert-rule': RulePreview }

/** Whether there is something to see beside a document of a kind, which then gets half of the page. */
export const hasBeside = (kind: MakeKindName): boolean => kind in besides

/** What a document would do, while it is written; nothing for kinds of which that cannot be told beforehand. */
export function Beside({
  kind,
  reading,
}: {
  readonly kind: MakeKindName
  readonly reading: Reading | undefined
}) {
  const Shown = besides[kind]
  return Shown === undefined ? null : (
    <Suspense fallback={<Loading rows={8} />}>
      <Shown reading={reading} />
    </Suspense>
  )
}
