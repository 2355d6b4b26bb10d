import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ApiError } from './api/call.ts'
import { makeRouter } from './router.tsx'
import { theme, variables } from './theme/theme.ts'

/** A session that has ended leads to the sign-in page, and from there back. */
function onError(error: Error) {
  if (!(error instanceof ApiError) || error.status !== 401 || location.pathname === '/sign-in') return
  const next = `${location.pathname}${location.search}`
  void router.navigate({ to: '/sign-in', search: next === '/' ? {} : { next }, replace: true })
}

const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      // What changes is told by the event stream; a tab that comes back is told what it missed.
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => error instanceof ApiError && error.status === 0 && failures < 2,
    },
  },
})
const router = makeRouter(queries)

export function Studio() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
