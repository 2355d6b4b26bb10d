import type { Platform } from '../../../kernel/platform.ts'
import { scopeId } from '../../../kernel/resources/arm-id.ts'
import type { NewEvent } from '../../../kernel/resources/resource.ts'
import {
  asAction,
  type ActionEntry,
  type IncidentAction,
  type IncidentActionStatus,
} from '../incident-action.ts'

/** What the events of actions are called, as `Twinloop.Action{…}`. */
export type ActionEvent = 'Started' | 'Done' | 'Refused' | 'Skipped' | 'Failed' | 'ApprovalRequested'

export interface ActionChange {
  /** Parts of the status; a null removes. */
  readonly state: { readonly [K in keyof IncidentActionStatus]?: IncidentActionStatus[K] | null }
  readonly happened?: Omit<ActionEntry, 'at'>
  readonly event?: ActionEvent
}

/**
 * Changes an action by what `how` makes of it as it is, again if another write came between; undefined from `how`
 * leaves it as it is, and is the answer then. State, history and event are one transaction.
 */
export async function changeAction(
  platform: Platform,
  key: string,
  how: (action: IncidentAction) => ActionChange | undefined,
): Promise<IncidentAction | undefined> {
  for (;;) {
    const found = await platform.resources.find(key)
    if (found === undefined) return undefined
    const action = asAction(found)
    const change = how(action)
    if (change === undefined) return undefined
    const { state, happened, event } = change
    const at = platform.clock().toISOString()
    const history = happened === undefined ? {} : { history: [...action.status.history, { at, ...happened }] }
    const reason = state.reason ?? action.status.reason
    const written = await platform.resources.setStatus(
      key,
      { ...state, ...history },
      { etag: action.etag, events: event === undefined ? [] : [eventOf(action, event, reason)] },
    )
    if (written !== undefined) return asAction(written)
  }
}

function eventOf({ id, properties }: IncidentAction, event: ActionEvent, reason: string): NewEvent {
  const [incident, , name] = id.split('/').slice(-3)
  const { kind, phase, rule, alert } = properties
  return {
    type: `Twinloop.Action${event}`,
    subject: `incidents/${incident}/actions/${name}`,
    source: scopeId(id) ?? '/',
    data: {
      actionId: id,
      action: name,
      kind,
      phase,
      incident: Number(incident),
      rule: rule.name,
      labels: alert.labels,
      reason,
    },
  }
}
