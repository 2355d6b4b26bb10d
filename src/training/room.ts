import type { Room } from '../kernel/platform.ts'
import { componentVersions, components } from './components/components.ts'
import { environmentContainers, environmentVersions } from './environments/environments.ts'
import { historyRoutes } from './history/routes.ts'
import { jobs } from './jobs/jobs.ts'
import { jobReconciler, wakeUnfinished } from './reconcile-jobs.ts'

/** The other half of element 3: environments, components and jobs, which run on this machine as processes. */
export const training: Room = {
  name: 'training',
  definitions: [environmentContainers, environmentVersions, components, componentVersions, jobs],
  reconcilers: [jobReconciler],
  routes: historyRoutes,
  start: wakeUnfinished,
}
