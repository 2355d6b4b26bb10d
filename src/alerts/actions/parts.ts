import type { Room } from '../../kernel/platform.ts'
import { changeProposals, proposalReconciler } from '../proposals/proposals.ts'
import { createActionReconciler } from './execution/reconcile.ts'
import { tellOfReleases } from './execution/releases.ts'
import { wakeOnJobs, wakeOnNotices } from './execution/wake.ts'
import { incidentActions } from './incident-actions.ts'
import { incidentEnds } from './planning/resolution.ts'

/** What of the alerts room is about what alerts do. */
export const actionParts = {
  definitions: [incidentActions, changeProposals],
  reconcilers: [createActionReconciler(), incidentEnds, wakeOnNotices, proposalReconciler],
  consumers: [wakeOnJobs, tellOfReleases],
} satisfies Partial<Room>
