/** The five families of states: more colours than these cannot be told apart by everybody. */
export type Family = 'ok' | 'active' | 'attention' | 'bad' | 'off'

/** Shape beside the colour, so that neither has to carry the meaning alone. */
export type Shape =
  | 'check'
  | 'ring'
  | 'spinner'
  | 'hand'
  | 'triangle'
  | 'bars'
  | 'cross'
  | 'dash'
  | 'question'

export interface Look {
  readonly family: Family
  readonly shape: Shape
  /** The word that people read. */
  readonly word: string
}

const look = (family: Family, shape: Shape, word: string): Look => ({ family, shape, word })

/** States of jobs, as Azure ML has them. */
export const jobLooks = {
  NotStarted: look('active', 'ring', 'Not started'),
  Queued: look('active', 'ring', 'Queued'),
  Preparing: look('active', 'spinner', 'Preparing'),
  Running: look('active', 'spinner', 'Running'),
  Finalizing: look('active', 'spinner', 'Finalizing'),
  CancelRequested: look('attention', 'bars', 'Cancelling'),
  Completed: look('ok', 'check', 'Completed'),
  Failed: look('bad', 'cross', 'Failed'),
  Canceled: look('off', 'dash', 'Canceled'),
} as const satisfies Readonly<Record<string, Look>>

/** States of what is provisioned: endpoints, deployments, workspaces. */
export const provisioningLooks = {
  Creating: look('active', 'spinner', 'Creating'),
  Updating: look('active', 'spinner', 'Updating'),
  Scaling: look('active', 'spinner', 'Scaling'),
  Deleting: look('active', 'spinner', 'Deleting'),
  Succeeded: look('ok', 'check', 'Ready'),
  Failed: look('bad', 'cross', 'Failed'),
  Canceled: look('off', 'dash', 'Canceled'),
} as const satisfies Readonly<Record<string, Look>>

/** States of a release. */
export const releaseLooks = {
  running: look('active', 'spinner', 'Gates run'),
  blocked: look('bad', 'cross', 'Blocked'),
  waiting: look('attention', 'hand', 'Waiting'),
  delivering: look('active', 'spinner', 'Delivering'),
  succeeded: look('ok', 'check', 'Succeeded'),
  failed: look('bad', 'cross', 'Failed'),
  refused: look('bad', 'cross', 'Refused'),
  expired: look('off', 'dash', 'Expired'),
  superseded: look('off', 'dash', 'Superseded'),
  cancelled: look('off', 'dash', 'Cancelled'),
  rolled_back: look('attention', 'triangle', 'Rolled back'),
} as const satisfies Readonly<Record<string, Look>>

/** States of a gate of a release. */
export const gateLooks = {
  pending: look('active', 'ring', 'Not yet'),
  running: look('active', 'spinner', 'Running'),
  passed: look('ok', 'check', 'Passed'),
  failed: look('bad', 'cross', 'Failed'),
  inconclusive: look('attention', 'question', 'Inconclusive'),
  error: look('bad', 'cross', 'Error'),
  waived: look('attention', 'hand', 'Waived'),
  skipped: look('off', 'dash', 'Not come to'),
} as const satisfies Readonly<Record<string, Look>>

/** States of a stage of a release, and of its delivery. */
export const stageLooks = {
  pending: look('active', 'ring', 'Not yet'),
  gates: look('active', 'spinner', 'Gates'),
  approval: look('attention', 'hand', 'Approval'),
  delivery: look('active', 'spinner', 'Delivery'),
  running: look('active', 'spinner', 'Running'),
  paused: look('attention', 'bars', 'Paused'),
  succeeded: look('ok', 'check', 'Succeeded'),
  failed: look('bad', 'cross', 'Failed'),
  rolled_back: look('attention', 'triangle', 'Rolled back'),
} as const satisfies Readonly<Record<string, Look>>

/** States of runs in MLflow's words. */
export const runLooks = {
  RUNNING: look('active', 'spinner', 'Running'),
  SCHEDULED: look('active', 'ring', 'Scheduled'),
  FINISHED: look('ok', 'check', 'Finished'),
  FAILED: look('bad', 'cross', 'Failed'),
  KILLED: look('off', 'dash', 'Killed'),
} as const satisfies Readonly<Record<string, Look>>

/** Outcomes of checks and verdicts of measures. */
export const verdictLooks = {
  allowed: look('ok', 'check', 'Yes'),
  denied: look('bad', 'cross', 'No'),
  pass: look('ok', 'check', 'Pass'),
  passed: look('ok', 'check', 'Passed'),
  warn: look('attention', 'triangle', 'Warning'),
  warned: look('attention', 'triangle', 'Warning'),
  fail: look('bad', 'cross', 'Fail'),
  failed: look('bad', 'cross', 'Failed'),
  inconclusive: look('attention', 'question', 'Inconclusive'),
  not_applicable: look('off', 'dash', 'Does not apply'),
  error: look('bad', 'cross', 'Error'),
} as const satisfies Readonly<Record<string, Look>>

/** Verdicts of monitors, and outcomes of their signals. */
export const monitorLooks = {
  ok: look('ok', 'check', 'Within'),
  breached: look('bad', 'cross', 'Beyond'),
  no_data: look('off', 'question', 'No data'),
  none: look('off', 'question', 'No window yet'),
  error: look('bad', 'cross', 'Error'),
  waiting: look('active', 'ring', 'Waits'),
  running: look('active', 'spinner', 'Running'),
  provisional: look('attention', 'question', 'Provisional'),
  unjudged: look('off', 'dash', 'Not judged'),
  Running: look('active', 'spinner', 'Running'),
  Completed: look('ok', 'check', 'Completed'),
  Failed: look('bad', 'cross', 'Failed'),
  Canceled: look('off', 'dash', 'Cancelled'),
} as const satisfies Readonly<Record<string, Look>>

/** Whether schedules make anything. */
export const scheduleLooks = {
  Enabled: look('ok', 'check', 'On'),
  Disabled: look('attention', 'bars', 'Paused'),
} as const satisfies Readonly<Record<string, Look>>

/** How incidents stand. */
export const incidentLooks = {
  Firing: look('bad', 'cross', 'Firing'),
  Acknowledged: look('attention', 'hand', 'Acknowledged'),
  Silenced: look('off', 'dash', 'Silenced'),
  Inhibited: look('off', 'dash', 'Inhibited'),
  Resolved: look('ok', 'check', 'Resolved'),
} as const satisfies Readonly<Record<string, Look>>

/** How alert rules stand. */
export const ruleLooks = {
  firing: look('bad', 'cross', 'Firing'),
  pending: look('attention', 'triangle', 'Pending'),
  inactive: look('ok', 'check', 'Quiet'),
  no_data: look('off', 'question', 'No data'),
  unknown: look('off', 'question', 'Not looked at yet'),
  disabled: look('off', 'dash', 'Off'),
  error: look('bad', 'cross', 'Error'),
} as const satisfies Readonly<Record<string, Look>>

/** How far what is done about an incident is. */
export const actionLooks = {
  Waiting: look('active', 'ring', 'Waits'),
  approval: look('attention', 'hand', 'Waits for approval'),
  Running: look('active', 'spinner', 'Running'),
  Done: look('ok', 'check', 'Done'),
  Refused: look('bad', 'cross', 'Refused'),
  Skipped: look('off', 'dash', 'Skipped'),
  Failed: look('bad', 'cross', 'Failed'),
} as const satisfies Readonly<Record<string, Look>>

/** How silences stand. */
export const silenceLooks = {
  active: look('active', 'bars', 'Active'),
  pending: look('active', 'ring', 'To come'),
  expired: look('off', 'dash', 'Over'),
} as const satisfies Readonly<Record<string, Look>>

/** States of proposed changes. */
export const proposalLooks = {
  Proposed: look('attention', 'hand', 'Waits for a decision'),
  Approved: look('active', 'spinner', 'Approved'),
  Applied: look('ok', 'check', 'Made'),
  Refused: look('off', 'dash', 'Refused'),
  Failed: look('bad', 'cross', 'Failed'),
} as const satisfies Readonly<Record<string, Look>>

/** How far messages came. */
export const noticeLooks = {
  pending: look('active', 'ring', 'Being tried'),
  sent: look('ok', 'check', 'Delivered'),
  failed: look('bad', 'cross', 'Given up'),
} as const satisfies Readonly<Record<string, Look>>

/** Whether a probe was answered. */
export const probeLooks = {
  up: look('ok', 'check', 'Up'),
  down: look('bad', 'cross', 'Down'),
} as const satisfies Readonly<Record<string, Look>>

/** Whether a compute takes jobs, whether somebody may sign in. */
export const openLooks = {
  Running: look('ok', 'check', 'Takes jobs'),
  Stopped: look('attention', 'bars', 'Stopped'),
  Enabled: look('ok', 'check', 'Enabled'),
  Disabled: look('off', 'dash', 'Disabled'),
} as const satisfies Readonly<Record<string, Look>>

/** States of event subscriptions. */
export const subscriptionLooks = {
  active: look('ok', 'check', 'Active'),
  failing: look('bad', 'cross', 'Failing'),
  paused: look('attention', 'bars', 'Paused'),
  replaying: look('active', 'spinner', 'Replaying'),
  validating: look('active', 'ring', 'Validating'),
  expired: look('off', 'dash', 'Expired'),
} as const satisfies Readonly<Record<string, Look>>

/** What a check of a datastore or of a connection came to. */
export const checkLooks = {
  Passed: look('ok', 'check', 'Answers'),
  Failed: look('bad', 'cross', 'Does not answer'),
  Skipped: look('off', 'dash', 'Cannot be tried'),
} as const satisfies Readonly<Record<string, Look>>

const kinds = {
  job: jobLooks,
  provisioning: provisioningLooks,
  release: releaseLooks,
  gate: gateLooks,
  stage: stageLooks,
  run: runLooks,
  verdict: verdictLooks,
  monitor: monitorLooks,
  incident: incidentLooks,
  schedule: scheduleLooks,
  rule: ruleLooks,
  action: actionLooks,
  silence: silenceLooks,
  proposal: proposalLooks,
  notice: noticeLooks,
  probe: probeLooks,
  open: openLooks,
  subscription: subscriptionLooks,
  check: checkLooks,
} as const satisfies Readonly<Record<string, Readonly<Record<string, Look>>>>

export type StatusKind = keyof typeof kinds

/** How a state is shown. One that is not known here is told in its own word and is never taken to be good. */
export function lookOf(kind: StatusKind, state: string | null | undefined): Look {
  if (!state) return look('off', 'question', 'Unknown')
  const looks: Readonly<Record<string, Look>> = kinds[kind]
  return Object.hasOwn(looks, state)
    ? (looks[state] ?? look('off', 'question', state))
    : look('off', 'question', state)
}
