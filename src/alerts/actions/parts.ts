import type { Room } from '../../kernel/platform.ts'
import { createActionReconciler } from './execution/reconcile.ts'
import { wakeOnJobs, wakeOnNotices } from './execution/wake.ts'
import { incidentActions } from './incident-action.ts'
import { incidentEnds } from './planning/resolution.ts'

/** What of the alerts room is about what alerts do. */
export const actionParts = {
  definitions: [incidentActions],
  reconcilers: [createActionReconciler(), incidentEnds, wakeOnNotices],
  consumers: [wakeOnJobs],
} satisfies Partial<Room>
