import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Endpoint } from '../../api/endpoints.ts'
import { hourly, isOver, metricQuery } from '../../api/metrics.ts'
import type { MonitorSummary } from '../../api/monitors.ts'
import { usePaths } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import { Empty } from '../../parts/states.tsx'
import { Status, StatusDot } from '../../parts/status.tsx'
import { count, percent, rate } from '../../words/numbers.ts'
import { duration } from '../../words/time.ts'
import { requestDurations } from '../endpoints/overview/charts.tsx'
import { red } from '../endpoints/overview/red.ts'
import { TrafficBar } from '../endpoints/traffic/traffic-bar.tsx'
import { BandedSpark } from './banded-spark.tsx'
import { dayOf, type Day } from './day.ts'
import style from './home.module.css'

/** So many are shown; the others are on their own page. */
const most = 8

/** What answers, how it does, and how that is beside what is usual. */
export function EndpointRows({
  endpoints,
  monitors,
}: {
  readonly endpoints: readonly Endpoint[]
  readonly monitors: readonly MonitorSummary[]
}) {
  const to = usePaths()
  if (endpoints.length === 0)
    return (
      <Empty
        title="Nothing is in production yet"
        command="twinloop online-endpoint create --name my-endpoint"
      />
    )
  return (
    <>
      <div className={style.table} tabIndex={0} role="region" aria-label="Endpoints">
        <table>
          <thead>
            <tr>
              <th scope="col">Endpoint</th>
              <th scope="col" className="number">
                Rate
              </th>
              <th scope="col" className="number">
                Errors
              </th>
              <th scope="col" className="number">
                p95
              </th>
              <th scope="col">Drift</th>
              <th scope="col">Requests, 24 hours</th>
              <th scope="col">Against last week</th>
            </tr>
          </thead>
          <tbody>
            {endpoints.slice(0, most).map((endpoint) => (
              <Row
                key={endpoint.id}
                endpoint={endpoint}
                monitors={monitors.filter(
                  ({ watches = '' }) => watches === endpoint.name || watches.startsWith(`${endpoint.name}/`),
                )}
              />
            ))}
          </tbody>
        </table>
      </div>
      {endpoints.length > most ? (
        <p className={style.more}>
          <Go to={to.endpoints}>all {endpoints.length}</Go>
        </p>
      ) : null}
    </>
  )
}

function Row({
  endpoint,
  monitors,
}: {
  readonly endpoint: Endpoint
  readonly monitors: readonly MonitorSummary[]
}) {
  const to = usePaths()
  const { id, name, properties } = endpoint
  const of = { name: requestDurations }
  const byStatus = useQuery(metricQuery(id, { ...of, aggregations: ['count'], range: '24h', by: ['status'] }))
  const durations = useQuery(metricQuery(id, { ...of, aggregations: ['p95', 'count'], range: '1h' }))
  const weeks = useQuery(metricQuery(id, { ...of, aggregations: ['count'], range: '30d', grain: hourly }))
  const day = useMemo(() => (weeks.data === undefined ? undefined : dayOf(weeks.data)), [weeks.data])
  const last = durations.data?.series[0]?.points.findLast(({ at }) => isOver(at, durations.data))
  const sums = byStatus.data === undefined ? undefined : red(byStatus.data)
  return (
    <tr>
      <th scope="row">
        <span className={style.endpointName}>
          <StatusDot kind="provisioning" state={properties.provisioningState} />
          <Go to={to.endpoint(name)}>{name}</Go>
        </span>
        <TrafficBar traffic={properties.traffic ?? {}} mirror={properties.mirrorTraffic ?? {}} />
      </th>
      <td className="number">{last?.count === undefined ? '–' : rate(last.count / 60)}</td>
      <td className="number">
        {sums === undefined || sums.requests === 0 ? '–' : percent(sums.errors / sums.requests, 2)}
      </td>
      <td className="number">{last?.p95 === undefined ? '–' : duration(last.p95 * 1000)}</td>
      <td>
        {monitors.length === 0 ? (
          <span className="muted">not watched</span>
        ) : (
          monitors.map((monitor) => (
            <Go key={monitor.name} to={to.monitor(monitor.name)} title={monitor.worst ?? ''}>
              <Status kind="monitor" state={monitor.verdict} />
            </Go>
          ))
        )}
      </td>
      <td>
        {day === undefined ? null : (
          <span className={style.day}>
            <BandedSpark day={day} />
            <span className="tabular">{sums === undefined ? '' : count(sums.requests)}</span>
          </span>
        )}
      </td>
      <td>
        <Week day={day} />
      </td>
    </tr>
  )
}

/** The last whole hour against the same one a week before. */
function Week({ day }: { readonly day: Day | undefined }) {
  if (day === undefined) return null
  const { now, weekAgo } = day
  if (now === undefined || weekAgo === undefined) return <span className="muted">no history yet</span>
  if (weekAgo === 0) return <span className="muted">{now === 0 ? 'quiet, as then' : 'quiet then'}</span>
  const change = now / weekAgo - 1
  return (
    <span className="tabular" title={`${rate(now)} in the last whole hour, ${rate(weekAgo)} a week before`}>
      {change >= 0 ? '+' : '−'}
      {percent(Math.abs(change), 0)}
    </span>
  )
}
