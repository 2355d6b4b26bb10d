import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { cancel, hasEnded, rerun, type Job } from '../../../api/jobs.ts'
import { useCan, usePaths } from '../../../frame/workspace.ts'
import { Act, Confirm, tell, tellFailure } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { IconPlayerStop, IconPlayerTrackNext, IconRefresh } from '../../../parts/icons.ts'
import { DuplicateButton } from '../../../parts/make.tsx'
import { RerunDialog } from './rerun-dialog.tsx'

/** What can be done with a job: stop it while it runs; later run it again, whole, from where it failed, or with changes. */
export function JobActions({ job }: { readonly job: Job }) {
  const can = useCan(job.id)
  const [isCancelling, setCancelling] = useState(false)
  const { properties, name } = job
  return (
    <>
      {hasEnded(properties.status) ? (
        <RunAgain job={job} />
      ) : (
        <Act
          label="Cancel job"
          color="red"
          icon={<IconPlayerStop size={14} />}
          allowed={can('jobs/cancel/action')}
          onClick={() => setCancelling(true)}
        />
      )}
      <Equivalents
        cli={[
          { what: 'Show it', command: `twinloop job show --name ${name}` },
          { what: 'Follow its log', command: `twinloop job stream --name ${name}` },
          { what: 'Fetch what it made', command: `twinloop job download --name ${name} --all` },
          { what: 'Cancel it', command: `twinloop job cancel --name ${name}` },
          { what: 'Run it again', command: `twinloop job rerun --name ${name}` },
          ...(canGoOn(job)
            ? [
                {
                  what: 'Run it again from the failed step',
                  command: `twinloop job rerun --name ${name} --from-failed`,
                },
              ]
            : []),
        ]}
        rest={[
          { method: 'GET', path: job.id },
          { method: 'POST', path: `${job.id}/rerun` },
        ]}
        resource={job}
        kind="job"
      />
      {isCancelling ? (
        <Confirm
          title={`Cancel ${properties.displayName ?? name}?`}
          verb="Cancel job"
          danger
          onDone={() => cancel(job)}
          onClose={() => setCancelling(false)}
        >
          <p>
            What runs is stopped, and what has not started will not. Steps that are done stay as they are.
          </p>
        </Confirm>
      ) : null}
    </>
  )
}

/** A pipeline that did not get to its end has something left to do. */
const canGoOn = ({ properties }: Job): boolean =>
  properties.jobType === 'Pipeline' &&
  properties.parentJobName === undefined &&
  ['Failed', 'Canceled'].includes(properties.status)

function RunAgain({ job }: { readonly job: Job }) {
  const can = useCan(job.id)
  const navigate = useNavigate()
  const to = usePaths()
  const [isStarting, setStarting] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const start = async (startFromFailure: boolean) => {
    const made = await rerun(job, startFromFailure)
    tell(`Started ${made}`)
    await navigate({ to: to.job(made) as '/' })
  }
  const startWhole = () => {
    setStarting(true)
    void start(false)
      .catch(tellFailure)
      .finally(() => setStarting(false))
  }
  // A step is run again with its pipeline; with changes it becomes a job of its own, which shows what they do.
  const isStep = job.properties.parentJobName !== undefined
  const isEditable = ['Command', 'Pipeline'].includes(job.properties.jobType)
  return (
    <>
      {canGoOn(job) ? (
        <Act
          label="Run again from the failed step"
          icon={<IconPlayerTrackNext size={14} />}
          allowed={can('jobs/write')}
          onClick={() => setAsked(true)}
        />
      ) : null}
      {isStep ? null : (
        <Act
          label="Run again"
          icon={<IconRefresh size={14} />}
          loading={isStarting}
          allowed={can('jobs/write')}
          onClick={startWhole}
          {...(canGoOn(job) ? { variant: 'default' } : {})}
        />
      )}
      {isEditable ? (
        <DuplicateButton
          kind="job"
          id={job.id}
          label={isStep ? 'Run alone with changes' : 'Run again with changes'}
        />
      ) : null}
      {isAsked ? <RerunDialog job={job} onRun={() => start(true)} onClose={() => setAsked(false)} /> : null}
    </>
  )
}
