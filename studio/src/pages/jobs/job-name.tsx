import type { Job } from '../../api/jobs.ts'
import { shortened } from '../../words/names.ts'

/** What people call a job, and what it is called by. */
export const JobName = ({ job }: { readonly job: Job }) => {
  const { displayName = job.name } = job.properties
  return (
    <span title={job.name}>
      {shortened(displayName, 60)}
      {displayName === job.name ? null : <span className="mono muted"> {job.name}</span>}
    </span>
  )
}
