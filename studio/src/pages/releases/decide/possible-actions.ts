import type { Release } from '../../../api/releases.ts'

/** Something that can be done about a release, in words. */
export interface ReleaseAction {
  /** As REST calls it. */
  readonly action: 'retry' | 'waive' | 'cancel' | 'pause' | 'resume' | 'promote' | 'abort' | 'rollback'
  readonly label: string
  readonly verb: string
  readonly means: string
  readonly done: string
  readonly danger: boolean
  /** The way back is one click: it can be undone by releasing again, and every second counts. */
  readonly isInstant?: boolean
  readonly comment?: { readonly label: string; readonly required?: boolean }
}

const reason = { label: 'Reason' }

const known: Readonly<Record<ReleaseAction['action'], ReleaseAction>> = {
  retry: {
    action: 'retry',
    label: 'Try again',
    verb: 'Try gates again',
    means: 'Gates that did not pass look again. What they found before stays.',
    done: 'The gates look again',
    danger: false,
  },
  waive: {
    action: 'waive',
    label: 'Waive a gate',
    verb: 'Waive gate',
    means:
      'The release passes a gate that did not pass: in your name, for a time, and everybody sees it. Who asked for the release cannot.',
    done: 'Waived',
    danger: true,
    comment: { label: 'Reason, at least ten letters', required: true },
  },
  cancel: {
    action: 'cancel',
    label: 'Cancel release',
    verb: 'Cancel release',
    means: 'The release and the jobs of its gates end. The version can be released again.',
    done: 'The release is being cancelled',
    danger: true,
    comment: reason,
  },
  pause: {
    action: 'pause',
    label: 'Pause delivery',
    verb: 'Pause delivery',
    means: 'Traffic stays as it is until somebody resumes.',
    done: 'The delivery is held where it is',
    danger: false,
    comment: reason,
  },
  resume: {
    action: 'resume',
    label: 'Resume delivery',
    verb: 'Resume delivery',
    means: 'The delivery goes on where it was held.',
    done: 'The delivery goes on',
    danger: false,
    comment: reason,
  },
  promote: {
    action: 'promote',
    label: 'Promote now',
    verb: 'Give it all traffic',
    means: 'The candidate gets all traffic now, without the steps that are left.',
    done: 'The candidate gets all traffic',
    danger: true,
    comment: reason,
  },
  abort: {
    action: 'abort',
    label: 'Abort delivery',
    verb: 'Abort delivery',
    means: 'The champion gets all traffic again, at once, and the release ends.',
    done: 'The champion gets all traffic again',
    danger: true,
    isInstant: true,
  },
  rollback: {
    action: 'rollback',
    label: 'Roll back',
    verb: 'Roll back now',
    means: 'The release before this one gets all traffic again, at once.',
    done: 'Rolled back',
    danger: true,
    isInstant: true,
  },
}

/**
 * What can be done about a release as it stands: first what one comes for, then the way back. Approving has a place of its
 * own. `isReigning`: its model is the champion, so that it can be rolled back.
 */
export function actionsOf(
  { properties: { state, stages, stage, phase } }: Release,
  isReigning = true,
): readonly ReleaseAction[] {
  const delivery = stages.find(({ name }) => name === stage)?.delivery
  const isDelivering =
    phase === 'open' && delivery !== undefined && ['running', 'paused'].includes(delivery.state)
  if (isDelivering)
    return [known.promote, known.abort, delivery.state === 'paused' ? known.resume : known.pause]
  if (state === 'blocked') return [known.retry, known.waive, known.cancel]
  if (phase === 'open') return [known.cancel]
  return isReigning && state === 'succeeded' && stages.some(({ delivery: made }) => made !== undefined)
    ? [known.rollback]
    : []
}
