import type { EventConsumer } from '../../kernel/platform.ts'
import type { StoredEvent } from '../../kernel/resources/resource.ts'
import { mailOfBreach } from './mail.ts'
import { judgeLateLabels, runsOf } from './labels/late-labels.ts'
import { asRun, runProperty, runsReconciler } from './run.ts'
import { runCompleted } from './steps/finish.ts'
import { wakeNext } from './turns.ts'

/** Windows of a monitor that are kept, with what was found in them; older ones are forgotten. */
const keptRuns = 1000

interface Completed {
  readonly runId: string
  readonly again: boolean
}

/** The next one goes on, windows whose labels have come meanwhile are judged, and the oldest is forgotten. */
export const afterRun: EventConsumer = {
  name: 'monitoring/after-run',
  types: [runCompleted],
  async handle({ data }: StoredEvent, platform) {
    const { runId, again } = data as unknown as Completed
    const found = await platform.resources.find(runId)
    if (found !== undefined && !again) {
      const run = asRun(found)
      const all = await runsOf(platform, run.scope, run.properties.monitor)
      await judgeLateLabels(platform, run, all)
      for (const old of all.slice(keptRuns))
        if (old.status.state !== 'Running')
          await platform.resources.remove(platform.identity('monitoring'), old.id)
    }
    await wakeNext(platform)
  },
}

/** Whoever the monitor names is mailed of what is beyond its thresholds, once for what it found. */
export const mailBreaches: EventConsumer = {
  name: 'monitoring/mails',
  types: [runCompleted],
  async handle({ data }: StoredEvent, platform) {
    const { runId } = data as unknown as Completed
    const found = await platform.resources.find(runId)
    if (found !== undefined) await mailOfBreach(platform, asRun(found))
  },
}

/** The end of a signal's job has its run looked at. */
export const wakeOnJobs: EventConsumer = {
  name: 'monitoring/jobs',
  types: ['Microsoft.MachineLearningServices.RunCompleted'],
  async handle({ data }, platform) {
    const { runProperties } = data as { readonly runProperties?: Readonly<Record<string, string>> }
    const run = runProperties?.[runProperty]
    if (run !== undefined) platform.wake(runsReconciler, run)
  },
}
