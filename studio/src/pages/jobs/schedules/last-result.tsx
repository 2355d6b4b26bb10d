import { useQuery } from '@tanstack/react-query'
import type { ScheduleProperties } from '../../../api/schedules.ts'
import type { JobProperties } from '../../../api/jobs.ts'
import { resourceQuery, typeOf } from '../../../api/queries.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Status } from '../../../parts/status.tsx'
import { Time } from '../../../parts/time.tsx'

/** What came of the last time: the job that was made and how it stands, or why none was. */
export function LastResult({ lastRun }: { readonly lastRun: ScheduleProperties['lastRun'] }) {
  const to = usePaths()
  const id = lastRun?.id ?? ''
  const isJob = typeOf(id).toLowerCase() === 'workspaces/jobs'
  const { data: job } = useQuery({ ...resourceQuery<JobProperties>(id), enabled: isJob, retry: false })
  if (lastRun === undefined) return <span className="muted">never yet</span>
  if (lastRun.error !== undefined) return <Status kind="provisioning" state="Failed" note={lastRun.error} />
  if (job === undefined) return <Time at={lastRun.at} />
  return (
    <Go to={to.job(job.name)}>
      <Status kind="job" state={job.properties.status} />
    </Go>
  )
}
