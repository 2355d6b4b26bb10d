import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type {
  ActionContext,
  Json,
  Prepared,
  ResourceDefinition,
  Writing,
} from '../../kernel/resources/resource.ts'
import { deleteMonitorWindows } from '../../store/monitor-rows.ts'
import { distribution, rows } from '../drilldown/actions.ts'
import { monitorOf } from '../monitors/read/read.ts'
import { removeDetails } from '../results/details.ts'
import { runDetails, runValues } from '../results/actions.ts'
import { changeRun } from './change.ts'
import { lookAgain } from './labels/late-labels.ts'
import { asRun, runNameOf, type MonitorRunProperties, type MonitorRunState, type SignalState } from './run.ts'

type Properties = MonitorRunProperties & Json

const runSchema = z.looseObject({
  monitor: z.string().min(1),
  definition: z.record(z.string(), z.unknown()),
  at: z.iso.datetime({ offset: true }),
  periodMs: z.number().positive(),
  backfill: z.boolean().optional(),
}) as unknown as z.ZodType<Properties>

/** One window of a monitor: what each of its signals found there. Its name says which: made again, it is the same. */
export const monitorRuns: ResourceDefinition<Properties> = {
  type: 'monitorRuns',
  provider: 'Twinloop',
  summary: 'What a monitor found in one window.',
  schema: runSchema,
  name: /^[a-zA-Z0-9][\w-]{0,259}$/,
  immutable: ['monitor', 'at'],
  filters: { monitor: 'properties.monitor', state: 'status.state' },
  prepare: prepareRun,
  present: () => ({ owner: undefined, cancelling: undefined }),
  async beforeDelete(resource, platform, { root }) {
    const run = asRun(resource)
    if (root === run.key && run.status.state === 'Running')
      throw errors.conflict(`Run '${run.name}' goes on: cancel it before it is deleted.`)
    await removeDetails(platform, run)
  },
  async alsoOnDelete({ scope, properties }, db) {
    await deleteMonitorWindows(db, { scope, monitor: properties.monitor, at: Date.parse(properties.at) })
  },
  actions: {
    cancel: { run: cancel },
    retry: { input: z.object({ signals: z.array(z.string()).optional() }), run: retry },
    values: runValues,
    details: runDetails,
    distribution,
    rows,
  },
}

async function prepareRun({ name, body, before, actor }: Writing<Properties>): Promise<Prepared<Properties>> {
  const { properties } = body
  const at = new Date(Math.floor(Date.parse(properties.at) / 1000) * 1000)
  const wanted = runNameOf(properties.monitor, at)
  if (name.toLowerCase() !== wanted.toLowerCase())
    throw errors.validation(
      `A run of monitor '${properties.monitor}' for ${at.toISOString()} is called ${wanted}.`,
      {
        target: 'name',
      },
    )
  const monitor = monitorOf(properties.definition, {
    name: properties.monitor,
    periodMs: properties.periodMs,
    at,
  })
  const kept = { ...properties, at: at.toISOString() }
  if (before !== undefined) return { properties: kept }
  const status: MonitorRunState = {
    provisioningState: 'Succeeded',
    state: 'Running',
    monitor: properties.monitor,
    at: at.toISOString(),
    signals: monitor.signals.map((signal): SignalState => ({
      name: signal.name,
      kind: signal.kind,
      outcome: 'waiting',
      alertEnabled: signal.alertEnabled,
    })),
    breached: false,
    owner: { id: actor.id, name: actor.name, kind: actor.kind },
  }
  return { properties: kept, status: { ...status } }
}

/** `POST {run}/cancel`: ends it with what it has under way; a run that has ended stays as it is. */
async function cancel({ platform, resource, actor }: ActionContext) {
  await changeRun(platform, resource.key, ({ status }) =>
    status.state === 'Running' ? { state: { cancelling: { by: actor.name } } } : undefined,
  )
  return { accepted: true }
}

/** `POST {run}/retry { signals? }`: computes its window again, all of it or these signals. */
async function retry({ platform, resource, input }: ActionContext) {
  const run = asRun(resource)
  if (run.status.state === 'Running') throw errors.conflict(`Run '${run.name}' still goes on.`)
  const { signals } = input as { readonly signals?: readonly string[] }
  const unknown = signals?.find((name) => !run.status.signals.some((signal) => signal.name === name))
  if (unknown !== undefined)
    throw errors.notFound(
      `Run '${run.name}' has no signal '${unknown}', only ${run.status.signals.map(({ name }) => name).join(', ')}.`,
      { target: 'signals' },
    )
  await lookAgain(platform, run, ({ name }) => signals?.includes(name) ?? true)
  return { accepted: true }
}
