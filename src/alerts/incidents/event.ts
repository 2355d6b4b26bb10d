import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { NewEvent } from '../../kernel/resources/resource.ts'
import type { IncidentProperties } from './incident.ts'

export type IncidentChange = 'Opened' | 'Acknowledged' | 'Resolved'

/** `Twinloop.IncidentOpened` and its like, of one incident. */
export const incidentEvent = (
  id: string,
  number: string,
  what: IncidentChange,
  { rule, labels, firedAt }: IncidentProperties,
): NewEvent => ({
  type: `Twinloop.Incident${what}`,
  subject: `incidents/${number}`,
  source: scopeId(id) ?? '/',
  data: { incident: id, rule, severity: labels['severity'], labels, firedAt },
})
