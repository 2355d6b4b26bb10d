import type { Platform } from '../../../kernel/platform.ts'
import { scopeId } from '../../../kernel/resources/arm-id.ts'
import type { ActionContext } from '../action.ts'
import type { IncidentAction } from '../incident-action.ts'

/** What a kind of action is given for one step. */
export function contextOf(platform: Platform, action: IncidentAction, signal: AbortSignal): ActionContext {
  const { actor, rule, alert, key, subject, afterwards, before } = action.properties
  return {
    platform,
    signal,
    workspaceId: scopeId(action.id) ?? '',
    actor: { ...actor, confinedTo: '' },
    rule,
    alert: { ...alert, firedAt: new Date(alert.firedAt) },
    incident: action.id.split('/').slice(0, -2).join('/'),
    action: action.id,
    key,
    subject,
    state: action.status.working ?? before ?? {},
    afterwards: afterwards ?? undefined,
  }
}
