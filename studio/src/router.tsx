import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { workspacesQuery } from './api/workspaces.ts'
import { Frame } from './frame/frame.tsx'
import { parseSearch, stringifySearch, type Search } from './frame/search.ts'
import { Broken, Lost } from './frame/trouble.tsx'
import { Loading } from './parts/states.tsx'

const root = createRootRouteWithContext<{ readonly queries: QueryClient }>()({
  component: Outlet,
  validateSearch: (search): Search => search as Search,
  notFoundComponent: Lost,
})

/** Nobody bookmarks a list of workspaces: the first one that one sees is where the day begins. */
const entrance = createRoute({
  getParentRoute: () => root,
  path: '/',
  loader: async ({ context }) => {
    const all = await context.queries.ensureQueryData(workspacesQuery)
    const first = all.find(({ isDefault }) => isDefault) ?? all[0]
    if (first !== undefined)
      throw redirect({ to: '/w/$workspace', params: { workspace: first.key }, replace: true })
  },
  component: lazyRouteComponent(() => import('./pages/no-workspace.tsx'), 'NoWorkspace'),
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignIn'),
})

const workspace = createRoute({ getParentRoute: () => root, path: '/w/$workspace', component: Frame })
const below = { getParentRoute: () => workspace } as const

/** One line for each page; its code is loaded when it is opened, or about to be. */
const pages = [
  createRoute({
    ...below,
    path: '/',
    component: lazyRouteComponent(() => import('./pages/home/home.tsx'), 'Home'),
  }),
  createRoute({
    ...below,
    path: 'jobs',
    component: lazyRouteComponent(() => import('./pages/jobs/jobs.tsx'), 'Jobs'),
  }),
  createRoute({
    ...below,
    path: 'jobs/$job',
    component: lazyRouteComponent(() => import('./pages/jobs/job.tsx'), 'JobPage'),
  }),
  createRoute({
    ...below,
    path: 'models',
    component: lazyRouteComponent(() => import('./pages/models/models.tsx'), 'Models'),
  }),
  createRoute({
    ...below,
    path: 'models/$model',
    component: lazyRouteComponent(() => import('./pages/models/model.tsx'), 'ModelPage'),
  }),
  createRoute({
    ...below,
    path: 'models/$model/$version',
    component: lazyRouteComponent(() => import('./pages/models/version.tsx'), 'VersionPage'),
  }),
  createRoute({
    ...below,
    path: 'endpoints',
    component: lazyRouteComponent(() => import('./pages/endpoints/endpoints.tsx'), 'Endpoints'),
  }),
  createRoute({
    ...below,
    path: 'endpoints/$endpoint',
    component: lazyRouteComponent(() => import('./pages/endpoints/endpoint.tsx'), 'EndpointPage'),
  }),
  createRoute({
    ...below,
    path: 'releases',
    component: lazyRouteComponent(() => import('./pages/releases/releases.tsx'), 'Releases'),
  }),
  createRoute({
    ...below,
    path: 'releases/$plan',
    component: lazyRouteComponent(() => import('./pages/releases/plan.tsx'), 'PlanPage'),
  }),
  createRoute({
    ...below,
    path: 'releases/$plan/$release',
    component: lazyRouteComponent(() => import('./pages/releases/release.tsx'), 'ReleasePage'),
  }),
  createRoute({
    ...below,
    path: 'data',
    component: lazyRouteComponent(() => import('./pages/data/data.tsx'), 'Data'),
  }),
  createRoute({
    ...below,
    path: 'data/$data',
    component: lazyRouteComponent(() => import('./pages/data/dataset.tsx'), 'DatasetPage'),
  }),
  createRoute({
    ...below,
    path: 'data/$data/$version',
    component: lazyRouteComponent(() => import('./pages/data/data-version.tsx'), 'DataVersionPage'),
  }),
  createRoute({
    ...below,
    path: 'experiments',
    component: lazyRouteComponent(() => import('./pages/experiments/experiments.tsx'), 'Experiments'),
  }),
  createRoute({
    ...below,
    path: 'experiments/$experiment',
    component: lazyRouteComponent(() => import('./pages/experiments/experiment.tsx'), 'ExperimentPage'),
  }),
  createRoute({
    ...below,
    path: 'experiments/$experiment/$run',
    component: lazyRouteComponent(() => import('./pages/experiments/run.tsx'), 'RunPage'),
  }),
  createRoute({
    ...below,
    path: 'monitoring',
    component: lazyRouteComponent(() => import('./pages/monitoring/monitoring.tsx'), 'Monitoring'),
  }),
  createRoute({
    ...below,
    path: 'monitoring/$monitor',
    component: lazyRouteComponent(() => import('./pages/monitoring/monitor.tsx'), 'MonitorPage'),
  }),
  createRoute({
    ...below,
    path: 'alerts',
    component: lazyRouteComponent(() => import('./pages/alerts/alerts.tsx'), 'Alerts'),
  }),
  createRoute({
    ...below,
    path: 'alerts/$incident',
    component: lazyRouteComponent(() => import('./pages/alerts/incident.tsx'), 'IncidentPage'),
  }),
]

export const makeRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: root.addChildren([entrance, signIn, workspace.addChildren(pages)]),
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingMs: 200,
    defaultPendingComponent: () => <Loading rows={8} />,
    defaultErrorComponent: Broken,
    defaultNotFoundComponent: Lost,
    scrollRestoration: true,
  })
