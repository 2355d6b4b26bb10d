import { useQuery } from '@tanstack/react-query'
import { metricQuery } from '../../api/metrics.ts'
import { lineQuery } from '../../api/queue.ts'
import { listQuery } from '../../api/queries.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import { useNow } from '../../parts/time.tsx'
import { plural } from '../../words/names.ts'
import { percent } from '../../words/numbers.ts'
import { when } from '../../words/time.ts'
import type { Situation } from './needs.ts'
import style from './home.module.css'

const nothing: Pick<Situation, 'schedules' | 'monitors'> = { schedules: [], monitors: [] }

/** What both loops stand on: how it is set up, what is due, what waits to run, and the machine with its events. */
export function Around({ situation }: { readonly situation: Situation | undefined }) {
  const to = usePaths()
  const workspace = useWorkspace()
  const now = useNow(60_000)
  const { data: computes } = useQuery(listQuery(`${workspace.id}/computes`))
  // The server counts, steps of pipelines too, as the queue does.
  const { data: waiting } = useQuery(lineQuery(workspace.id, 'waiting', undefined, 1))
  // What is not known yet keeps its place.
  const { schedules, monitors } = situation ?? nothing
  const enabled = schedules.filter(({ properties }) => properties.isEnabled !== false)
  const next = enabled.flatMap(({ properties: { nextRun } }) => (nextRun ? [nextRun] : [])).toSorted()[0]
  return (
    <ul className={style.around} aria-label="What both loops stand on">
      <li>
        <Go to={to.admin}>Setup</Go>
        <span>{computes === undefined ? '…' : plural(computes.length, 'compute')}</span>
      </li>
      <li>
        <Go to={to.schedules}>Schedules</Go>
        <span>
          {situation === undefined
            ? '…'
            : enabled.length === 0
              ? 'none'
              : `${enabled.length}${monitors.length > 0 ? `, ${plural(monitors.length, 'monitor')} among them` : ''}${next === undefined ? '' : `, next ${when(new Date(next), now)}`}`}
        </span>
      </li>
      <li>
        <Go to={to.queue}>Queue</Go>
        <span>
          {waiting === undefined
            ? '…'
            : waiting.total === 0
              ? 'nothing waits'
              : `${plural(waiting.total, 'job')} wait`}
        </span>
      </li>
      <Machine />
    </ul>
  )
}

/** How full the machine's disk is, for who may see the installation's measurements. */
function Machine() {
  const workspace = useWorkspace()
  const to = usePaths()
  const installation = workspace.id.split('/').slice(0, 3).join('/')
  const { data } = useQuery({
    ...metricQuery(installation, {
      name: 'system_filesystem_utilization_ratio',
      aggregations: ['maximum'],
      range: '1h',
    }),
    retry: false,
    throwOnError: false,
  })
  const used = data?.series[0]?.points.at(-1)?.maximum
  if (used === undefined) return null
  return (
    <li data-family={used > 0.9 ? 'bad' : undefined}>
      <Go to={to.admin}>Infrastructure</Go>
      <span>disk {percent(used, 0)} full</span>
    </li>
  )
}
