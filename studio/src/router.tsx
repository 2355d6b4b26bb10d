import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import type { ComponentType } from 'react'
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

/** A page below a workspace; its code is loaded when it is opened, or about to be. */
const page = <const Path extends string>(path: Path, load: () => Promise<ComponentType>) =>
  createRoute({
    getParentRoute: () => workspace,
    path,
    component: lazyRouteComponent(async () => ({ default: await load() })),
  })

/** One line for each page, in the order of the rail. */
const pages = [
  page('/', async () => (await import('./pages/home/home.tsx')).Home),
  page('jobs', async () => (await import('./pages/jobs/list/jobs.tsx')).Jobs),
  page('schedules', async () => (await import('./pages/jobs/schedules/schedules.tsx')).Schedules),
  page('schedules/$schedule', async () => (await import('./pages/jobs/schedules/schedule.tsx')).SchedulePage),
  page('queue', async () => (await import('./pages/jobs/queue/queue.tsx')).Queue),
  page('compare-jobs', async () => (await import('./pages/jobs/compare/compare-jobs.tsx')).CompareJobs),
  page('jobs/$job', async () => (await import('./pages/jobs/job.tsx')).JobPage),
  page('models', async () => (await import('./pages/models/models.tsx')).Models),
  page('models/$model', async () => (await import('./pages/models/model.tsx')).ModelPage),
  page(
    'models/$model/compare/$before/$after',
    async () => (await import('./pages/models/compare/compare.tsx')).ModelDiffPage,
  ),
  page('models/$model/$version', async () => (await import('./pages/models/version.tsx')).VersionPage),
  page('environments', async () => (await import('./pages/assets/environments.tsx')).Environments),
  page('environments/$name', async () => (await import('./pages/assets/environment.tsx')).EnvironmentPage),
  page(
    'environments/$name/$version',
    async () => (await import('./pages/assets/environment.tsx')).EnvironmentPage,
  ),
  page('components', async () => (await import('./pages/assets/components.tsx')).Components),
  page('components/$name', async () => (await import('./pages/assets/component.tsx')).ComponentPage),
  page('components/$name/$version', async () => (await import('./pages/assets/component.tsx')).ComponentPage),
  page('endpoints', async () => (await import('./pages/endpoints/endpoints.tsx')).Endpoints),
  page('endpoints/$endpoint', async () => (await import('./pages/endpoints/endpoint.tsx')).EndpointPage),
  page(
    'endpoints/batch/$endpoint',
    async () => (await import('./pages/endpoints/batch/batch-endpoint.tsx')).BatchEndpointPage,
  ),
  page('releases', async () => (await import('./pages/releases/releases.tsx')).Releases),
  page('releases/$plan', async () => (await import('./pages/releases/plan.tsx')).PlanPage),
  page('releases/$plan/$release', async () => (await import('./pages/releases/release.tsx')).ReleasePage),
  page('data', async () => (await import('./pages/data/data.tsx')).Data),
  page('data/diff/$before/$after', async () => (await import('./pages/data/diff/diff.tsx')).DataDiffPage),
  page('data/$data', async () => (await import('./pages/data/dataset.tsx')).DatasetPage),
  page('data/$data/$version', async () => (await import('./pages/data/data-version.tsx')).DataVersionPage),
  page('experiments', async () => (await import('./pages/experiments/experiments.tsx')).Experiments),
  page(
    'experiments/compare',
    async () => (await import('./pages/experiments/compare/compare.tsx')).CompareRuns,
  ),
  page(
    'experiments/$experiment',
    async () => (await import('./pages/experiments/experiment.tsx')).ExperimentPage,
  ),
  page('experiments/$experiment/$run', async () => (await import('./pages/experiments/run.tsx')).RunPage),
  page('monitoring', async () => (await import('./pages/monitoring/monitoring.tsx')).Monitoring),
  page('monitoring/$monitor', async () => (await import('./pages/monitoring/monitor.tsx')).MonitorPage),
  page('monitoring/$monitor/$signal', async () => (await import('./pages/monitoring/signal.tsx')).SignalPage),
  page(
    'monitoring/$monitor/$signal/$feature',
    async () => (await import('./pages/monitoring/feature.tsx')).FeaturePage,
  ),
  page('alerts', async () => (await import('./pages/alerts/alerts.tsx')).Alerts),
  page('make', async () => (await import('./pages/make/index/index.tsx')).Making),
  page('make/$kind', async () => (await import('./pages/make/make.tsx')).MakePage),
  page('alerts/rules', async () => (await import('./pages/alerts/rules/rules.tsx')).Rules),
  page('alerts/rules/$rule', async () => (await import('./pages/alerts/rules/rule.tsx')).RulePage),
  page('alerts/silences', async () => (await import('./pages/alerts/silences/silences.tsx')).Silences),
  page('alerts/routing', async () => (await import('./pages/alerts/routing/routing.tsx')).Routing),
  page('alerts/proposals', async () => (await import('./pages/alerts/proposals/proposals.tsx')).Proposals),
  page(
    'alerts/proposals/$proposal',
    async () => (await import('./pages/alerts/proposals/proposal.tsx')).ProposalPage,
  ),
  page('alerts/$incident', async () => (await import('./pages/alerts/incidents/incident.tsx')).IncidentPage),
  page('admin', async () => (await import('./pages/admin/health/health.tsx')).Health),
  page('admin/workspaces', async () => (await import('./pages/admin/places/workspaces.tsx')).Workspaces),
  page('admin/computes', async () => (await import('./pages/admin/places/computes.tsx')).Computes),
  page('admin/people', async () => (await import('./pages/admin/people/people.tsx')).PeoplePage),
  page('admin/tokens', async () => (await import('./pages/admin/tokens.tsx')).Tokens),
  page('admin/connections', async () => (await import('./pages/admin/places/connections.tsx')).Connections),
  page('admin/activity', async () => (await import('./pages/admin/activity.tsx')).ActivityPage),
  page('admin/storage', async () => (await import('./pages/admin/storage.tsx')).Storage),
  page('admin/events', async () => (await import('./pages/admin/events/events.tsx')).EventSubscriptions),
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
