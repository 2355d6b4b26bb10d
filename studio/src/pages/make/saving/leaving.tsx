import { useBlocker } from '@tanstack/react-router'
import { Confirm } from '../../../parts/act.tsx'
import type { Draft } from './draft.ts'

/** Asks whether to leave what is not saved. A tab that is closed or loaded anew keeps it by itself. */
export function Leaving({ draft }: { readonly draft: Draft }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => draft.isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: false,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <Confirm
      title="Leave without saving?"
      verb="Leave"
      danger
      onDone={async () => {
        draft.drop()
        blocker.proceed()
      }}
      onClose={() => blocker.reset()}
    >
      <p>What you typed is not saved, and would be gone.</p>
    </Confirm>
  )
}
