import type { Json } from '../client/client.ts'
import { presentMonitor } from './monitor.ts'
import { clean, frame, lower, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

/** A schedule as its YAML has it, with when it is due next and what it made last. */
export function presentSchedule(body: Body): Json {
  const { action, trigger, ...rest } = body.properties ?? {}
  const { jobDefinition, dataImportDefinition, endpointInvocationDefinition, monitorDefinition } = (action ??
    {}) as Json
  const { triggerType, ...times } = (trigger ?? {}) as Json
  return frame(body, {
    ...(snakeKeys(rest) as Json),
    trigger: clean({ type: lower(triggerType), ...(snakeKeys(said(times)) as Json) }),
    create_job: snakeKeys(jobDefinition),
    create_monitor: presentMonitor(monitorDefinition),
    import_data: snakeKeys(dataImportDefinition),
    invoke_batch_endpoint: snakeKeys(endpointInvocationDefinition),
  })
}

/** Without the lists of hours, minutes and days that say nothing. */
const said = ({ schedule, ...times }: Json): Json => {
  const lists = Object.entries((schedule ?? {}) as Json).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  )
  return { ...times, ...(lists.length === 0 ? {} : { schedule: Object.fromEntries(lists) }) }
}
