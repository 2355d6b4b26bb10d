import type { Job } from '../../../api/jobs.ts'
import { Confirm } from '../../../parts/act.tsx'
import { StatusDot } from '../../../parts/status.tsx'
import { plural } from '../../../words/names.ts'
import { stepsLeft } from './steps-left.ts'
import style from '../jobs.module.css'

/** Says which steps of a pipeline would be taken over and which would run, before it goes on from where it failed. */
export function RerunDialog({
  job,
  onRun,
  onClose,
}: {
  readonly job: Job
  readonly onRun: () => Promise<unknown>
  readonly onClose: () => void
}) {
  const { taken, left } = stepsLeft(job)
  return (
    <Confirm
      title="Run again from the failed step"
      verb={`Run ${plural(left.length, 'step')}`}
      onDone={onRun}
      onClose={onClose}
    >
      <p>
        A new job with the same inputs.{' '}
        {taken.length === 0
          ? 'No step has completed, so that all of them run.'
          : 'What has completed is not done again: its results are taken over.'}
      </p>
      <ul className={style.left} aria-label="Steps">
        {taken.map(({ name }) => (
          <li key={name}>
            <StatusDot kind="job" state="Completed" /> <strong>{name}</strong>{' '}
            <span className="muted">is taken over</span>
          </li>
        ))}
        {left.map(({ name, state, word }) => (
          <li key={name}>
            <StatusDot kind="job" state={state} /> <strong>{name}</strong>{' '}
            <span className="muted">runs; {word} before</span>
          </li>
        ))}
      </ul>
      {taken.length === 0 ? null : (
        <p className="muted">A step whose results were deleted since runs again, too, and what follows it.</p>
      )}
    </Confirm>
  )
}
