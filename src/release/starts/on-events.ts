import type { EventConsumer } from '../../kernel/platform.ts'
import { isRetrained, makerOf } from '../origin/maker.ts'
import { releaseProperty } from '../releases/gate-context.ts'
import { releasesReconciler } from '../releases/reconcilers.ts'
import { plansFor, startByItself } from './automatic.ts'

/** A version that is registered is a candidate, if its tags are those that a plan asks for. */
export const startOnRegistration: EventConsumer = {
  name: 'release/registrations',
  types: ['Microsoft.MachineLearningServices.ModelRegistered'],
  async handle({ source, data }, platform) {
    const {
      ModelName: model,
      ModelVersion: version,
      ModelTags: tags,
    } = data as {
      readonly ModelName: string
      readonly ModelVersion: string
      readonly ModelTags: Readonly<Record<string, string>>
    }
    const plans = await plansFor(platform, source, model, 'model_registered')
    // What a gate had trained is released by that gate, if at all.
    const id = `${source}/models/${model}/versions/${version}`
    const registered = plans.length === 0 ? undefined : await platform.resources.find(id)
    if (registered !== undefined && isRetrained(await makerOf(platform, registered))) return
    for (const { resource, plan } of plans)
      if (Object.entries(plan.start.tags).every(([name, value]) => tags[name] === value))
        await startByItself(platform, resource, {
          version,
          trigger: `the registration of ${model}:${version}`,
        })
  },
}

/** The end of a gate's job has its release looked at. */
export const wakeOnJobs: EventConsumer = {
  name: 'release/jobs',
  types: ['Microsoft.MachineLearningServices.RunCompleted'],
  async handle({ data }, platform) {
    const { runProperties } = data as { readonly runProperties?: Readonly<Record<string, string>> }
    const release = runProperties?.[releaseProperty]
    if (release !== undefined) platform.wake(releasesReconciler, release)
  },
}
