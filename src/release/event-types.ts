import type { ReleaseEvent } from './releases/change.ts'

/** What this room tells of. */
export const releaseEventTypes = {
  'Twinloop.ReleaseStarted': 'A release has begun.',
  'Twinloop.ReleaseGateFinished': 'A gate of a release has passed, failed or could not be judged.',
  'Twinloop.ReleaseGateWaived': 'Somebody let a release pass a gate that failed.',
  'Twinloop.ReleaseBlocked': 'A release goes no further until somebody sees to it.',
  'Twinloop.ReleaseApprovalRequested': 'A release waits for approval.',
  'Twinloop.ReleaseApprovalDecided': 'A release was approved or refused.',
  'Twinloop.ReleaseDeliveryStarted': 'A version is being delivered to an endpoint.',
  'Twinloop.ReleaseDeliveryFinished': 'A delivery is over: done, or rolled back.',
  'Twinloop.ReleaseCompleted': 'A release is over, whatever came of it.',
  'Twinloop.ReleaseRolledBack': 'The version before has its traffic again.',
  'Twinloop.ReleaseWaiverExpired': 'What somebody let pass is no longer let pass.',
} as const satisfies Readonly<Record<`Twinloop.Release${ReleaseEvent}`, string>>
