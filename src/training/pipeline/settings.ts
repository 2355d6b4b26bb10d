import type { JobProperties } from '../jobs/job.ts'
import { json, text, truth } from '../wire.ts'

export interface PipelineSettings {
  readonly defaultCompute: string | undefined
  readonly defaultDatastore: string | undefined
  /** Azure ML's default: steps that do not depend on a failed one go on. */
  readonly continueOnStepFailure: boolean
  readonly forceRerun: boolean
}

/** The settings of a pipeline, in the CLI's snake_case or in camelCase; unknown ones pass. */
export function readSettings(properties: Pick<JobProperties, 'settings' | 'computeId'>): PipelineSettings {
  const settings = json(properties.settings) ?? {}
  return {
    defaultCompute:
      text(settings['default_compute']) ?? text(settings['defaultCompute']) ?? text(properties.computeId),
    defaultDatastore: text(settings['default_datastore']) ?? text(settings['defaultDatastore']),
    continueOnStepFailure:
      truth(settings['continue_on_step_failure'] ?? settings['continueOnStepFailure']) ?? true,
    forceRerun: truth(settings['force_rerun'] ?? settings['forceRerun']) ?? false,
  }
}
