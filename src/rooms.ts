import { admin } from './admin/room.ts'
import { data } from './data/room.ts'
import type { Room } from './kernel/platform.ts'
import { registry } from './registry/room.ts'
import { serving } from './serving/room.ts'
import { tracking } from './tracking/room.ts'
import { training } from './training/room.ts'

/** The rooms of the house, lower first: what each is made of is in its own `room.ts`. Add a room here. */
export const rooms: readonly Room[] = [admin, data, tracking, registry, training, serving]
