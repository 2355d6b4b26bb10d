import { IconAlertOctagon } from '../../parts/icons.ts'
import type { Job } from '../../api/jobs.ts'
import { usePaths } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import style from './jobs.module.css'

/** What came last says most. */
const toTheEnd = (place: HTMLPreElement | null) => {
  if (place !== null) place.scrollTop = place.scrollHeight
}

/** Why a job failed, in its own words: of a pipeline, those of the step that failed first. */
export function FailureCard({ job, steps }: { readonly job: Job; readonly steps: readonly Job[] }) {
  const to = usePaths()
  const failed = steps
    .filter(({ properties }) => properties.status === 'Failed')
    .toSorted((a, b) => (a.properties.endTime ?? '').localeCompare(b.properties.endTime ?? ''))[0]
  const error = failed?.properties.error ?? job.properties.error
  if (error === undefined || job.properties.status !== 'Failed') return null
  const [first = '', ...rest] = error.message.split('\n')
  return (
    <section className={style.failure} aria-label="Why it failed">
      <h2>
        <IconAlertOctagon size={18} aria-hidden />
        {failed === undefined ? first : `Step ${failed.properties.stepName ?? failed.name}: ${first}`}
      </h2>
      {rest.length === 0 ? null : (
        <pre tabIndex={0} ref={toTheEnd}>
          {rest.join('\n')}
        </pre>
      )}
      <p>
        <Go to={to.job((failed ?? job).name)} search={{ tab: 'logs' }}>
          The whole log
        </Go>
      </p>
    </section>
  )
}
