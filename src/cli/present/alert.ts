import type { Json } from '../client/client.ts'
import { clean, frame, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

/** A rule as its YAML has it, with what it found last. */
export function presentAlertRule(body: Body): Json {
  const { evaluation, warnings, provisioningState: _, ...words } = body.properties ?? {}
  return frame(body, {
    type: 'alert_rule',
    ...words,
    ...(Array.isArray(warnings) && warnings.length > 0 ? { warnings } : {}),
    evaluation: evaluationOf(evaluation),
  })
}

/** Labels keep the names that they have. */
function evaluationOf(evaluation: unknown): unknown {
  const {
    alerts = [],
    values = [],
    ...rest
  } = (evaluation ?? {}) as {
    readonly alerts?: readonly Json[]
    readonly values?: readonly Json[]
  }
  return {
    ...(snakeKeys(rest) as Json),
    alerts: alerts.map(({ labels, ...alert }) => clean({ ...(snakeKeys(alert) as Json), labels })),
    values,
  }
}

/** An incident; labels and annotations keep the names that they have. */
export function presentIncident(body: Body): Json {
  const { labels, annotations, ruleId: _, firing: _firing, ...rest } = body.properties ?? {}
  return { ...frame(body, { ...(snakeKeys(rest) as Json), labels, annotations }) }
}

export const presentSilence = (body: Body): Json => frame(body, { type: 'silence', ...body.properties })

export function presentAlertRouting(body: Body): Json {
  const { alertmanagerStates, ...words } = body.properties ?? {}
  return frame(body, {
    type: 'alert_routing',
    ...words,
    alertmanager_states: snakeKeys(alertmanagerStates),
  })
}
