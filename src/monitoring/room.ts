import type { Platform, Room } from '../kernel/platform.ts'
import { stopWorks } from '../kernel/work/background.ts'
import { startSampling } from './infrastructure/sampler.ts'
import { metricsRoutes } from './metrics/routes.ts'
import { checkMonitor } from './monitors/check.ts'
import { monitorSummaries } from './monitors/summaries.ts'
import { monitorResults } from './results/actions.ts'
import { exposeResults } from './results/gauges.ts'
import { afterRun, mailBreaches, wakeOnJobs } from './runs/after-run.ts'
import { judgeAnew, onLabels } from './runs/labels/judge-anew.ts'
import { runReconciler } from './runs/reconcile.ts'
import { monitorRuns } from './runs/runs.ts'
import { monitoringGrammars } from './grammars.ts'
import { runCompleted } from './runs/steps/finish.ts'
import { startExport } from './opentelemetry/export.ts'
import { wakeNext } from './runs/turns.ts'

const running = new WeakMap<Platform, readonly { stop(): Promise<void> }[]>()

/** Element 8: monitors of models and data, what is measured of the machine and of the platform, and who asks for it. */
export const monitoring: Room = {
  name: 'monitoring',
  definitions: [monitorRuns],
  grammars: monitoringGrammars,
  eventTypes: { [runCompleted]: 'A monitor has looked at a window.' },
  actions: { workspaces: { checkMonitor, monitorResults, monitorSummaries } },
  reconcilers: [runReconciler, judgeAnew],
  consumers: [afterRun, mailBreaches, onLabels, wakeOnJobs],
  routes: metricsRoutes,
  async start(platform) {
    const isExported = platform.config.otlpUrl !== ''
    running.set(platform, [startSampling(platform), ...(isExported ? [startExport(platform)] : [])])
    exposeResults(platform)
    // What signals did in the background went with the server before.
    await wakeNext(platform)
  },
  async stop(platform) {
    stopWorks(platform)
    await Promise.all((running.get(platform) ?? []).map((one) => one.stop()))
  },
}
