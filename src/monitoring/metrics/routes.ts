import { Hono } from 'hono'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import type { Described, Line } from '../../kernel/telemetry/series.ts'
import { aggregations, bucketLabel, timeSeries } from './answer.ts'
import { matches } from './filter.ts'
import { readQuestion, subjectOf, type Subject } from './question.ts'
import { decodedPath } from '../../kernel/http/routed-path.ts'

const path = /^(\/subscriptions\/.+?)\/providers\/microsoft\.insights\/(metrics|metricDefinitions)\/?$/i
const namespace = 'Twinloop'

/**
 * Measurements as Azure Monitor tells them: `GET {id}/providers/Microsoft.Insights/metrics` and `/metricDefinitions`, of a
 * workspace, an endpoint, a deployment, a compute or a job, and of the installation by its subscription. To see those of a
 * resource one must be allowed to read it.
 */
export function metricsRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/subscriptions/*', async (context, next) => {
    const [, raw, what] = path.exec(context.req.path) ?? []
    if (raw === undefined) return next()
    const id = decodedPath(raw)
    const actor = await platform.access.authenticate(context.req.raw.headers)
    const subject = subjectOf(id)
    const operation =
      subject.scope === ''
        ? 'Microsoft.Insights/metrics/read'
        : `${machineLearning}/workspaces/${isJob(id) ? 'jobs/' : ''}read`
    await platform.access.require(actor, operation, id)
    if (subject.scope !== '') await platform.resources.get(id)
    return context.json(
      what?.toLowerCase() === 'metrics'
        ? await answer(platform, id, subject, (name) => context.req.query(name))
        : { value: (await platform.series.described(subject.scope)).map((one) => definition(id, one)) },
    )
  })
  return app
}

const isJob = (id: string) => /\/workspaces\/[^/]+\/jobs\/[^/]+$/i.test(id)
const machineLearning = 'Microsoft.MachineLearningServices'

async function answer(
  platform: Platform,
  id: string,
  { scope, where }: Subject,
  query: (name: string) => string | undefined,
) {
  const isOfJob = isJob(id)
  const question = readQuestion(query, { now: platform.clock(), isOfJob })
  const { names, from, to, step, grain, grainMs, conditions } = question
  const known = await platform.series.described(scope)
  const value = []
  for (const asked of names) {
    const metric = known.find(({ name }) => name.toLowerCase() === asked.toLowerCase())
    if (metric === undefined) throw unknown(asked, known)
    const { lines } = await platform.series.query({
      name: metric.name,
      scope,
      where,
      from,
      to,
      ...(step === undefined ? {} : { step }),
    })
    const ofLabels = conditions.filter(({ label }) => label !== bucketLabel || metric.kind !== 'histogram')
    const chosen: readonly Line[] = lines.filter(({ labels }) => matches(labels, ofLabels))
    value.push({
      id: `${id}/providers/Microsoft.Insights/metrics/${metric.name}`,
      type: 'Microsoft.Insights/metrics',
      name: { value: metric.name, localizedValue: metric.name },
      displayDescription: '',
      unit: unitOf(metric.name),
      errorCode: 'Success',
      timeseries: timeSeries(chosen, conditions, question.aggregations, grainMs),
    })
  }
  return {
    cost: 0,
    timespan: `${from.toISOString()}/${to.toISOString()}`,
    interval: grain,
    namespace,
    resourceregion: platform.config.location,
    value,
  }
}

const unknown = (asked: string, known: readonly Described[]) => {
  const near = nearest(
    asked,
    known.map(({ name }) => name),
  )
  const hint = near === undefined ? 'metricDefinitions tells which there are.' : `Did you mean '${near}'?`
  return errors.badRequest(`Nothing is measured under the name '${asked}' here. ${hint}`, {
    target: 'metricnames',
  })
}

function definition(id: string, { name, kind, labels }: Described) {
  const isDistribution = kind === 'histogram'
  return {
    id: `${id}/providers/Microsoft.Insights/metricDefinitions/${name}`,
    resourceId: id,
    namespace,
    name: { value: name, localizedValue: name },
    unit: unitOf(name),
    primaryAggregationType: kind === 'counter' ? 'Total' : 'Average',
    supportedAggregationTypes: aggregations
      .filter((one) => isDistribution || !one.startsWith('p'))
      .map((one) => `${one.charAt(0).toUpperCase()}${one.slice(1)}`),
    isDimensionRequired: false,
    dimensions: [...labels, ...(isDistribution ? [bucketLabel] : [])].map((label) => ({
      value: label,
      localizedValue: label,
    })),
    metricAvailabilities: [
      { timeGrain: 'PT1M', retention: 'P3D' },
      { timeGrain: 'PT1H', retention: 'P60D' },
      { timeGrain: 'P1D', retention: 'P1095D' },
    ],
  }
}

/** Units are in the names, as Prometheus has it. */
function unitOf(name: string): string {
  const base = name.replace(/_total$/, '')
  if (base.endsWith('_bytes')) return 'Bytes'
  if (base.endsWith('_seconds')) return 'Seconds'
  return base.endsWith('_ratio') || base.includes('load_average') ? 'Unspecified' : 'Count'
}
