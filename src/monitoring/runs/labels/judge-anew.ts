import type { EventConsumer, Platform } from '../../../kernel/platform.ts'
import { isMap } from '../../../kernel/grammar/place.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import type { Reconciler } from '../../../kernel/work/reconcile.ts'
import { labelledSince } from '../../../serving/collection/labels/labelled-since.ts'
import { labelsReceived } from '../../../serving/collection/labels/labels.ts'
import { readMonitor } from '../../monitors/read/read.ts'
import { targetIdOf } from '../../monitors/target-id.ts'
import { windowOf } from '../../populations/sources/part.ts'
import type { MonitorRun, SignalState } from '../run.ts'
import { isByLabels, longestWait, lookAgain, runsOf } from './late-labels.ts'

/** Under this name it is woken, of an endpoint. */
const reconciler = 'monitoring/labels'

const aMinute = 60_000

/** Labels of an endpoint have come: the windows that they are of are looked at soon, once for all that come meanwhile. */
export const onLabels: EventConsumer = {
  name: reconciler,
  types: [labelsReceived],
  async handle({ data, time }, platform) {
    const { endpointId } = data as { readonly endpointId: string }
    const due = time.getTime() + platform.config.judgeLabelsAfterSeconds * 1000
    platform.wake(reconciler, endpointId, Math.max(0, due - platform.clock().getTime()))
  },
}

/**
 * Has the latest windows of an endpoint's monitors computed again of which labels were received since they were: what is
 * found replaces what was there, and is told as of any run. Older windows are left as they are.
 */
export const judgeAnew: Reconciler = {
  name: reconciler,
  types: [],
  async reconcile(endpoint, { platform, signal }) {
    let goesOn = false
    for (const { monitor, deployments } of await monitorsOf(platform, endpoint)) {
      const latest = (await runsOf(platform, endpoint.scope, monitor)).slice(0, longestWait)
      // It may have passed what has come; when it has ended one can tell.
      goesOn ||= latest.some(({ status }) => status.state === 'Running')
      const judged = latest.flatMap((run) => (run.status.state === 'Running' ? [] : windowsOf(run)))
      const concerned = new Set<number>()
      for (const deployment of deployments)
        for (const i of await labelledSince(platform, deployment, judged, signal)) concerned.add(i)
      const again = judged.filter((_, i) => concerned.has(i))
      for (const [run, of] of Map.groupBy(again, (one) => one.run))
        await lookAgain(platform, run, ({ name }) => of.some(({ signal: own }) => own.name === name))
    }
    return goesOn ? { again: aMinute } : undefined
  },
}

/** Monitors that watch an endpoint or a deployment of it, with the deployments whose requests they look at. */
async function monitorsOf(platform: Platform, endpoint: Resource) {
  const schedules = await platform.resources.list({
    type: 'workspaces/schedules',
    scope: endpoint.scope,
    top: 10_000,
  })
  const deployments = await platform.resources.list({
    type: 'workspaces/onlineEndpoints/deployments',
    parent: endpoint.key,
    top: 1000,
  })
  return schedules.flatMap((schedule) => {
    const watched = watchedBy(schedule)
    const all = deployments.filter(({ key }) => watched === endpoint.key || watched === key)
    return all.length === 0 ? [] : [{ monitor: schedule.name, deployments: all }]
  })
}

/** Key of what a schedule's monitor watches; undefined where it is none, or watches nothing. */
function watchedBy({ scope, properties: { action } }: Resource): string | undefined {
  const definition = isMap(action) ? action['monitorDefinition'] : undefined
  const target = isMap(definition) ? definition['monitoringTarget'] : undefined
  const said = isMap(target) ? target['deploymentId'] : undefined
  return typeof said === 'string' ? targetIdOf(scope, said)?.toLowerCase() : undefined
}

/** What of a run labels may change: the windows of its signals, and since when labels are new to them. */
function windowsOf(run: MonitorRun) {
  const begun = Date.parse(run.status.startedAt ?? '')
  if (Number.isNaN(begun)) return []
  const since = new Date(begun)
  const { definition, monitor: name, periodMs, at } = run.properties
  const { monitor } = readMonitor(definition, { name, periodMs, at: new Date(at) })
  return run.status.signals.filter(isJudged).flatMap((signal) => {
    const sources = monitor.signals.find((one) => one.name === signal.name)?.production ?? []
    return sources.flatMap((source) => {
      const window = windowOf(source, new Date(at))
      return window === undefined ? [] : [{ run, signal, since, ...window }]
    })
  })
}

const isJudged = ({ kind, outcome }: SignalState): boolean =>
  isByLabels(kind) && (outcome === 'computed' || outcome === 'no_data')
