import { Hono } from 'hono'
import type { Room } from '../../kernel/platform.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { reports } from './reports/reports.ts'
import { createReportReconciler } from './reports/send.ts'
import { tellOfJobs } from './reports/tell-of-jobs.ts'
import { tellOfReleases } from './reports/tell-of-releases.ts'
import { repositories } from './repositories.ts'
import { deliveries, deliveryReconciler } from './webhooks/deliveries.ts'
import { webhookRoutes } from './webhooks/routes.ts'

/** What the release room has to do with repositories: their webhooks in, commit statuses and comments out. */
export const ci = {
  definitions: [repositories, deliveries, reports],
  reconcilers: [deliveryReconciler, createReportReconciler()],
  consumers: [tellOfJobs, tellOfReleases],
  routes: (platform) => new Hono<Frame>().route('/', webhookRoutes(platform)),
} satisfies Partial<Room>
