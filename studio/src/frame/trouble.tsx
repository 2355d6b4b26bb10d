import { Button } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { Go } from '../parts/go.tsx'
import { Page } from '../parts/page.tsx'
import { Failure } from '../parts/states.tsx'

/** A page that threw: what it said, and the ways on. The frame stays. */
export function Broken({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return <Failure error={error instanceof Error ? error : new Error(String(error))} onRetry={retry} />
}

/** An address that names nothing. */
export function Lost() {
  return (
    <Page title="Nothing is here">
      <p>
        There is no page at <code>{location.pathname}</code>. <Go to="/">Home</Go> is a good place to go on
        from, and ⌘K finds things by their names.
      </p>
      <Button variant="default" onClick={() => history.back()} w="fit-content">
        Back
      </Button>
    </Page>
  )
}
