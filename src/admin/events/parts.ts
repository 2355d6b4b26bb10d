import type { Room } from '../../kernel/platform.ts'
import { deadLetterReconciler, deadLetters } from './dead-letters.ts'
import { createSubscriptionReconciler } from './delivery/reconcile.ts'
import { listEvents } from './list-events.ts'
import { eventSubscriptions } from './subscription.ts'

/** Who outside is told of what happens. Here, as it is about the events of every room and stands on none. */
export const eventParts = {
  definitions: [eventSubscriptions, deadLetters],
  actions: { workspaces: { listEvents } },
  reconcilers: [createSubscriptionReconciler(), deadLetterReconciler],
} satisfies Partial<Room>
