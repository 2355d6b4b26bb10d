import { Hono } from 'hono'
import { backfillLineage } from '../data/lineage/backfill.ts'
import type { Room } from '../kernel/platform.ts'
import type { Frame } from '../kernel/rest/arm.ts'
import { componentVersions, components } from './components/components.ts'
import { environmentContainers, environmentVersions } from './environments/environments.ts'
import { jobPages } from './history/page.ts'
import { historyRoutes } from './history/routes.ts'
import { jobs } from './jobs/jobs.ts'
import { tellOfJob } from './lineage.ts'
import { jobReconciler, wakeUnfinished } from './reconcile-jobs.ts'
import { scheduleReconciler } from './schedules/reconcile-schedules.ts'
import { schedules } from './schedules/schedules.ts'

/** The other half of element 3: environments, components and jobs, which run on this machine as processes. */
export const training: Room = {
  name: 'training',
  definitions: [environmentContainers, environmentVersions, components, componentVersions, jobs, schedules],
  eventTypes: {
    'Microsoft.MachineLearningServices.RunStatusChanged':
      'A job, or a window of a monitor, is in another state.',
    'Microsoft.MachineLearningServices.RunCompleted':
      'A job, or a window of a monitor, has ended: well or not.',
  },
  reconcilers: [jobReconciler, scheduleReconciler],
  routes: (platform) => new Hono<Frame>().route('/', historyRoutes(platform)).route('/', jobPages(platform)),
  async start(platform) {
    await backfillLineage(platform, jobs.type, tellOfJob)
    await wakeUnfinished(platform)
  },
}
