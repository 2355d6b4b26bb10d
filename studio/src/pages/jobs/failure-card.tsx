import { IconAlertOctagon } from '../../parts/icons.ts'
import type { Job } from '../../api/jobs.ts'
import { usePaths } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import { spotsIn } from './code/tree.ts'
import style from './jobs.module.css'

/** Of a deep traceback only the innermost lines of the own code are named. */
const mostSpots = 3

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
  const at = failed ?? job
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
      <p className={style.ways}>
        <Go to={to.job(at.name)} search={{ tab: 'logs' }}>
          The whole log
        </Go>
        {at.properties.codeId === undefined
          ? null
          : spotsIn(error.message)
              .slice(-mostSpots)
              .map(({ file, line }) => (
                <Go
                  key={`${file}:${line}`}
                  to={to.job(at.name)}
                  search={{ tab: 'code', file, line: String(line) }}
                >
                  {`${file}, line ${line}`}
                </Go>
              ))}
      </p>
    </section>
  )
}
