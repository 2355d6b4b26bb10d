/** Azure ML's job states, of which Twinloop uses these. */
export const jobStatuses = [
  'NotStarted',
  'Queued',
  'Preparing',
  'Running',
  'Finalizing',
  'CancelRequested',
  'Completed',
  'Failed',
  'Canceled',
] as const
export type JobStatus = (typeof jobStatuses)[number]

/** From each state, where a job may go. What has ended stays ended. */
const next: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  // A step whose result is there already is Completed at once.
  NotStarted: ['Queued', 'Running', 'CancelRequested', 'Completed', 'Failed', 'Canceled'],
  Queued: ['Preparing', 'CancelRequested', 'Failed', 'Canceled'],
  Preparing: ['Running', 'Queued', 'CancelRequested', 'Failed', 'Canceled'],
  Running: ['Finalizing', 'CancelRequested', 'Completed', 'Failed', 'Canceled'],
  // One whose process was lost may start again; one whose outputs wait for a store may be given up.
  Finalizing: ['Preparing', 'CancelRequested', 'Completed', 'Failed', 'Canceled'],
  // Cancelled too late is cancelled all the same: the work is not used.
  CancelRequested: ['Canceled', 'Failed'],
  Completed: [],
  Failed: [],
  Canceled: [],
}

export const mayGo = (from: JobStatus, to: JobStatus) => next[from].includes(to)
export const hasEnded = (status: JobStatus) => next[status].length === 0
