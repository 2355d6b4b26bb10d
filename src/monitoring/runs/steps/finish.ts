import { scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Json, NewEvent } from '../../../kernel/resources/resource.ts'
import { changeRun } from '../change.ts'
import type { RunStep } from '../context.ts'
import { hasSettled, type MonitorRun, type RunState, type SignalState } from '../run.ts'

/** By which subscribers of Azure ML's events know runs of monitors that found something. */
const breachTag = 'azureml_modelmonitor_threshold_breached'

/** Told when a run has ended. */
export const runCompleted = 'Twinloop.MonitorRunCompleted'

/** All signals are settled: the verdict, and the events that tell of it, in one write. */
export async function finish({ platform, run }: RunStep): Promise<void> {
  await changeRun(platform, run.key, (now) => {
    if (now.status.state !== 'Running' || !now.status.signals.every(hasSettled)) return undefined
    const state: RunState = now.status.signals.every(({ outcome }) => outcome === 'error')
      ? 'Failed'
      : 'Completed'
    const breached = namesOf(now, isBreached)
    const errors = now.status.signals.filter(({ outcome }) => outcome === 'error')
    const tags =
      breached.length === 0
        ? null
        : { [breachTag]: `${run.properties.monitor}: ${breached.join(', ')} beyond thresholds` }
    return {
      state: {
        state,
        breached: breached.length > 0,
        tags,
        endedAt: platform.clock().toISOString(),
        reason: state === 'Failed' ? (errors[0]?.reason ?? null) : null,
      },
      events: completionEvents(now, state, tags ?? {}),
    }
  })
}

/** Only what people are told of counts as a breach of the run. */
const isBreached = ({ alertEnabled, breached = 0 }: SignalState): boolean => alertEnabled && breached > 0

const namesOf = ({ status }: MonitorRun, which: (signal: SignalState) => boolean): readonly string[] =>
  status.signals.filter(which).map(({ name }) => name)

/** Our own event, and the ones that Azure ML sends of the runs that its monitors make. */
export function completionEvents(
  run: MonitorRun,
  state: RunState,
  tags: Readonly<Record<string, string>> = {},
): readonly NewEvent[] {
  const { monitor, at } = run.properties
  const source = scopeId(run.id) ?? '/'
  const data: Json = {
    monitor,
    run: run.name,
    runId: run.id,
    at,
    state,
    breached: namesOf(run, isBreached),
    noData: namesOf(run, ({ outcome }) => outcome === 'no_data'),
    errors: namesOf(run, ({ outcome }) => outcome === 'error'),
    /** True where values of before were computed again. */
    again: run.status.signals.some(({ attempt = 1 }) => attempt > 1),
  }
  const asRun: Json = {
    experimentName: monitor,
    runId: run.name,
    runType: 'azureml.ModelMonitor',
    runTags: tags,
    runProperties: { 'azureml.scheduleName': monitor, 'azureml.scheduleTime': at },
    runStatus: state,
  }
  const event = (type: string): NewEvent => ({
    type: `Microsoft.MachineLearningServices.${type}`,
    subject: `monitorRuns/${run.name}`,
    source,
    data: asRun,
  })
  return [
    { type: runCompleted, subject: `monitors/${monitor}`, source, data },
    event('RunStatusChanged'),
    event('RunCompleted'),
  ]
}
