import type { Json } from '../client/client.ts'
import { clean, frame, lower, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

/** A schedule as its YAML has it, with when it is due next and what it made last. */
export function presentSchedule(body: Body): Json {
  const { action, trigger, ...rest } = body.properties ?? {}
  const { jobDefinition, dataImportDefinition, endpointInvocationDefinition } = (action ?? {}) as Json
  const { triggerType, ...times } = (trigger ?? {}) as Json
  return frame(body, {
    ...(snakeKeys(rest) as Json),
    trigger: clean({ type: lower(triggerType), ...(snakeKeys(times) as Json) }),
    create_job: snakeKeys(jobDefinition),
    import_data: snakeKeys(dataImportDefinition),
    invoke_batch_endpoint: snakeKeys(endpointInvocationDefinition),
  })
}
