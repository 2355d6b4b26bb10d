import { admin } from './admin/room.ts'
import { alerts } from './alerts/room.ts'
import { data } from './data/room.ts'
import { documentActions } from './kernel/grammar/document.ts'
import type { Room } from './kernel/platform.ts'
import type { ResourceDefinition } from './kernel/resources/resource.ts'
import { listEventTypes } from './kernel/work/event-types.ts'
import { monitoring } from './monitoring/room.ts'
import { registry } from './registry/room.ts'
import { release } from './release/room.ts'
import { inEveryScope } from './registry/shared/in-registry.ts'
import { serving } from './serving/room.ts'
import { tracking } from './tracking/room.ts'
import { training } from './training/room.ts'

/** The rooms of the house, lower first: what each is made of is in its own `room.ts`. Add a room here. */
export const rooms: readonly Room[] = [
  admin,
  data,
  tracking,
  registry,
  training,
  serving,
  release,
  monitoring,
  alerts,
]

const ofWorkspaces = {
  ...documentActions(rooms.flatMap((room) => room.grammars ?? [])),
  listEventTypes: listEventTypes(rooms.map((room) => room.eventTypes ?? {})),
}

/** Every kind of resource, with the actions that other rooms add to it, and again for registries if they have it. */
export const definitions: readonly ResourceDefinition[] = rooms
  .flatMap((room) => room.definitions)
  .map((definition) => ({
    ...definition,
    actions: Object.assign(
      {},
      definition.actions,
      ...rooms.map((room) => room.actions?.[definition.type]),
      definition.type === 'workspaces' ? ofWorkspaces : {},
    ),
  }))
  .flatMap(inEveryScope)
