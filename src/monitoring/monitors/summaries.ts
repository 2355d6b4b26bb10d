import { z } from 'zod'
import type { Platform } from '../../kernel/platform.ts'
import { errors } from '../../kernel/errors.ts'
import { isMap, isText } from '../../kernel/grammar/place.ts'
import { nearest } from '../../kernel/nearest.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Action, Json, Resource } from '../../kernel/resources/resource.ts'
import { findMonitorWindows } from '../../store/monitor-rows.ts'
import { asRun, runNameOf, type MonitorRun } from '../runs/run.ts'
import { foundBy, referencesOf, type WorstFeature } from './glance.ts'
import { spellTarget } from './target-id.ts'

/** How a monitor stands, by its latest window. `none`: no window was computed yet. */
export type MonitorVerdict = 'ok' | 'breached' | 'no_data' | 'error' | 'none'

/** A monitor at a glance. */
export interface MonitorSummary {
  readonly name: string
  readonly displayName?: string
  readonly enabled: boolean
  /** `endpoint:deployment`, `endpoint`, or what its signals read where it watches none. */
  readonly watches?: string
  readonly verdict: MonitorVerdict
  /** Values of the latest window that were judged, and those beyond their thresholds. */
  readonly judged: number
  readonly breached: number
  /** The value farthest beyond its threshold, in words. */
  readonly worst?: string
  /** Features of which a value was judged in the latest window, those with one beyond, and the one farthest beyond. */
  readonly features: { readonly judged: number; readonly breached: number; readonly worst?: WorstFeature }
  /** Of the predictions that performance was measured of in the latest window: the share with a label, and how long labels took (95th percentile). */
  readonly labels?: { readonly share: number; readonly lagMs?: number }
  /** What production is held against, each once: `flights-train:1`, `production before`. */
  readonly references: readonly string[]
  readonly signals: readonly {
    readonly name: string
    readonly kind: string
    readonly outcome: string
    readonly breached: number
    readonly judged: number
  }[]
  readonly lastRun?: { readonly name: string; readonly at: string; readonly state: string }
  /** Windows that are being computed, or wait for it. */
  readonly running: number
  readonly nextRun?: string
  /** Why the schedule could not make what was due last. */
  readonly problem?: string
}

/** `POST {workspace}/monitorSummaries { monitor? }`: every monitor (or one) as its latest window has it, by name. */
export const monitorSummaries: Action = {
  operation: 'schedules/read',
  input: z.object({ monitor: z.string().optional() }),
  async run({ platform, resource, input }) {
    const { monitor } = input as { readonly monitor?: string }
    const schedules = await platform.resources.list({
      type: 'workspaces/schedules',
      scope: resource.key,
      view: 'all',
      top: 10_000,
      orderBy: { field: 'name', descending: false },
    })
    const monitors = schedules.filter(isMonitor)
    const wanted =
      monitor === undefined
        ? monitors
        : monitors.filter(({ name }) => name.toLowerCase() === monitor.toLowerCase())
    if (monitor !== undefined && wanted.length === 0) throw noMonitor(monitor, monitors)
    const open = await platform.resources.list({
      type: 'monitorRuns',
      scope: resource.key,
      view: 'all',
      where: { 'status.state': 'Running' },
      top: 10_000,
    })
    return {
      body: { value: await Promise.all(wanted.map((one) => summaryOf(platform, one, open.map(asRun)))) },
    }
  },
}

const isMonitor = ({ properties }: Resource): boolean =>
  isMap(properties['action']) && String(properties['action']['actionType']).toLowerCase() === 'createmonitor'

function noMonitor(name: string, all: readonly Resource[]) {
  const names = all.map((one) => one.name)
  const near = nearest(name, names)
  return errors.notFound(
    `There is no monitor '${name}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
    { target: 'monitor' },
  )
}

async function summaryOf(
  platform: Platform,
  schedule: Resource,
  open: readonly MonitorRun[],
): Promise<MonitorSummary> {
  const { name, properties, status } = schedule
  const running = open.filter((run) => run.properties.monitor.toLowerCase() === name.toLowerCase())
  const last = await latestRun(platform, schedule, running)
  const displayName = properties['displayName']
  const problem = isMap(status['lastRun']) ? status['lastRun']['error'] : undefined
  const signals = (last?.status.signals ?? []).map(
    ({ name: signal, kind, outcome, breached = 0, judged = 0 }) => ({
      name: signal,
      kind,
      outcome,
      breached,
      judged,
    }),
  )
  const worst = last?.status.signals.find((signal) => signal.worst !== undefined)?.worst
  const watches = watchedBy(properties)
  return {
    name,
    ...(isText(displayName) ? { displayName } : {}),
    enabled: properties['isEnabled'] !== false,
    ...(watches === undefined ? {} : { watches }),
    verdict: verdictOf(last),
    judged: signals.reduce((sum, { judged }) => sum + judged, 0),
    breached: signals.reduce((sum, { breached }) => sum + breached, 0),
    ...(worst === undefined ? {} : { worst }),
    ...(await foundBy(platform, last)),
    references: last === undefined ? [] : referencesOf(last),
    signals,
    ...(last === undefined
      ? {}
      : { lastRun: { name: last.name, at: last.properties.at, state: last.status.state } }),
    running: running.length,
    ...(isText(status['nextRun']) ? { nextRun: status['nextRun'] } : {}),
    ...(isText(problem) ? { problem } : {}),
  }
}

/** The run of the latest window that something was found out of, even if that is nothing. */
async function latestRun(
  platform: Platform,
  { id, scope, name }: Resource,
  running: readonly MonitorRun[],
): Promise<MonitorRun | undefined> {
  const workspace = id.replace(/\/schedules\/[^/]+$/i, '')
  for (const { at } of await findMonitorWindows(platform.store.db, { scope, monitor: name, top: 100 })) {
    const run = runNameOf(name, new Date(at))
    if (running.some((one) => one.name === run)) continue
    const found = await platform.resources.find(
      childId(workspace, 'providers', 'Twinloop', 'monitorRuns', run),
    )
    if (found !== undefined) return asRun(found)
  }
  return undefined
}

/** A breach outweighs what could not be looked at, and that outweighs a lack of data. */
export function verdictOf(run: MonitorRun | undefined): MonitorVerdict {
  if (run === undefined) return 'none'
  const { signals, state } = run.status
  if (signals.some(({ breached = 0 }) => breached > 0)) return 'breached'
  if (state !== 'Completed' || signals.some(({ outcome }) => outcome === 'error')) return 'error'
  return signals.some(({ outcome }) => outcome === 'no_data') ? 'no_data' : 'ok'
}

function watchedBy(properties: Json): string | undefined {
  const action = isMap(properties['action']) ? properties['action'] : {}
  const definition = isMap(action['monitorDefinition']) ? action['monitorDefinition'] : {}
  const target = isMap(definition['monitoringTarget']) ? definition['monitoringTarget'] : {}
  const id = target['deploymentId'] ?? target['modelId']
  return isText(id)
    ? id.includes('/onlineEndpoints/')
      ? spellTarget(id)
      : id.split('/').slice(-3).join(':').replace(':versions:', ':')
    : undefined
}
