import type { ActionEvent } from './actions/execution/change.ts'
import type { IncidentChange } from './incidents/event.ts'

/** What this room tells of. */
export const alertEventTypes = {
  'Twinloop.IncidentOpened': 'An alert fires, and an incident is open.',
  'Twinloop.IncidentAcknowledged': 'Somebody sees to an incident.',
  'Twinloop.IncidentResolved': 'An incident is over.',
  'Twinloop.ActionStarted': 'Something is being done about an incident.',
  'Twinloop.ActionDone': 'What was done about an incident is done.',
  'Twinloop.ActionRefused': 'A person refused what was to be done about an incident.',
  'Twinloop.ActionSkipped': 'What was to be done about an incident is not needed any more.',
  'Twinloop.ActionFailed': 'What was to be done about an incident went wrong.',
  'Twinloop.ActionApprovalRequested': 'What is to be done about an incident waits for approval.',
} as const satisfies Readonly<
  Record<`Twinloop.Incident${IncidentChange}` | `Twinloop.Action${ActionEvent}`, string>
>
