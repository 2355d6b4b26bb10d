import { Hono } from 'hono'
import { defaultWorkspaceId } from '../admin/workspaces.ts'
import { keyOf, machineLearning } from '../kernel/resources/arm-id.ts'
import type { EventConsumer, Room } from '../kernel/platform.ts'
import type { Frame } from '../kernel/rest/arm.ts'
import { forgetExperiments } from '../store/tracking/forget.ts'
import { bases, Door, serve } from './protocol/serve.ts'
import { artifactByteRoutes, artifactRoutes } from './routes/artifacts.ts'
import { experimentRoutes } from './routes/experiments.ts'
import { inputRoutes } from './routes/inputs.ts'
import { loggedModelRoutes } from './routes/logged-models.ts'
import { loggingRoutes } from './routes/logging.ts'
import { metricRoutes } from './routes/metrics.ts'
import { runRoutes } from './routes/runs.ts'
import { summarizeMetrics } from './summaries/metrics.ts'
import { summarizeRuns } from './summaries/runs.ts'
import { summarizeTrials } from './trials/summarize-trials.ts'

/** The release of MLflow whose protocol is spoken; clients read it at `/version`. */
const protocolVersion = '3.17.2'

/** A workspace takes its experiments with it: a later one of the same name begins empty. */
const forgetWorkspaces: EventConsumer = {
  name: 'tracking/forget-workspaces',
  types: ['Microsoft.Resources.ResourceDeleteSuccess'],
  async handle(event, platform) {
    if (event.data['resourceType'] !== `${machineLearning}/workspaces`) return
    await forgetExperiments(platform.store, keyOf(event.subject), event.time.getTime())
  },
}

/** Half of element 3: experiments, runs and what they log, in MLflow's protocol. */
export const tracking: Room = {
  name: 'tracking',
  definitions: [],
  actions: { workspaces: { summarizeRuns, summarizeMetrics, summarizeTrials } },
  consumers: [forgetWorkspaces],
  routes(platform) {
    const door = new Door(platform, defaultWorkspaceId(platform.config))
    const app = new Hono<Frame>()
    app.route('/', aboutRoutes())
    app.route('/', artifactByteRoutes(door))
    app.route(
      '/',
      serve(door, [
        ...loggingRoutes,
        ...experimentRoutes,
        ...runRoutes,
        ...metricRoutes,
        ...inputRoutes,
        ...loggedModelRoutes,
        ...artifactRoutes,
      ]),
    )
    return app
  },
}

/** What MLflow's clients ask before they know anything: open to everybody. */
function aboutRoutes(): Hono<Frame> {
  const app = new Hono<Frame>()
  for (const base of bases) {
    // MLflow prints `{tracking URI}/#/experiments/…` for people to open.
    if (base !== '') for (const path of [base, `${base}/`]) app.get(path, (context) => context.redirect('/'))
    app.get(`${base}/health`, (context) => context.text('OK'))
    app.get(`${base}/version`, (context) => context.text(protocolVersion))
    for (const prefix of ['/api/3.0', '/ajax-api/3.0'])
      app.get(`${base}${prefix}/mlflow/server-info`, (context) =>
        context.json({ store_type: 'SqlStore', workspaces_enabled: false }),
      )
  }
  return app
}
