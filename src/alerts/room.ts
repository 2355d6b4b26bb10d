import type { Room } from '../kernel/platform.ts'
import type { ResourceDefinition } from '../kernel/resources/resource.ts'
import { actionParts } from './actions/parts.ts'
import { incidents } from './incidents/incidents.ts'

/** Elements 9 and 10: what is wrong, and what is done about it. */
export const alerts: Room = {
  name: 'alerts',
  definitions: [incidents as unknown as ResourceDefinition, ...actionParts.definitions],
  reconcilers: [...actionParts.reconcilers],
  consumers: [...actionParts.consumers],
}
