import type { Platform } from '../../../kernel/platform.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { IncidentState } from '../../incidents/incident.ts'
import type { IncidentAction } from '../incident-action.ts'

export const incidentKey = ({ key }: Pick<IncidentAction, 'key'>): string =>
  key.split('/').slice(0, -2).join('/')

/** How the incident of an action is; undefined where it has gone. */
export const incidentOf = async (
  platform: Platform,
  action: Pick<IncidentAction, 'key'>,
): Promise<IncidentState | undefined> =>
  (await platform.resources.find<Json, IncidentState>(incidentKey(action)))?.status
