import { useQuery } from '@tanstack/react-query'
import type { ServerState } from '../../../api/admin/server.ts'
import { metricQuery } from '../../../api/metrics.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Figure, Figures } from '../../../parts/panel.tsx'
import { useNow } from '../../../parts/time.tsx'
import { plural } from '../../../words/names.ts'
import { bytes, exact, percent } from '../../../words/numbers.ts'
import { duration } from '../../../words/time.ts'
import { useSubscription } from '../subscription.ts'
import { latest } from './measured.ts'

/** Where a share of the disk becomes a worry. */
const [full, tight] = [0.95, 0.85]

export function HealthFigures({ server }: { readonly server: ServerState }) {
  const subscription = useSubscription()
  const workspace = useWorkspace()
  const now = useNow(60_000)
  const last = { aggregations: ['average'], range: '1h' } as const
  const gateway = useQuery(metricQuery(subscription, { name: 'twinloop_gateway_up', ...last }))
  const disk = useQuery(metricQuery(subscription, { name: 'system_filesystem_utilization_ratio', ...last }))
  const space = useQuery(
    metricQuery(subscription, { name: 'system_filesystem_usage_bytes', by: ['state'], ...last }),
  )
  const instances = useQuery(
    metricQuery(workspace.id, { name: 'twinloop_instances_up', by: ['endpoint', 'deployment'], ...last }),
  )
  const jobs = useQuery(metricQuery(workspace.id, { name: 'twinloop_jobs_active', by: ['state'], ...last }))
  const wait = useQuery(metricQuery(workspace.id, { name: 'twinloop_jobs_longest_wait_seconds', ...last }))
  const active = latest(jobs.data, 'state')
  const isUp = latest(gateway.data).get('')
  const used = latest(disk.data).get('')
  const free = latest(space.data, 'state').get('free')
  const up = (instances.data?.series ?? []).reduce(
    (sum, { points }) => sum + Math.round(points.at(-1)?.average ?? 0),
    0,
  )
  const queued = active.get('queued') ?? 0
  const { store, work } = server
  return (
    <Figures>
      <Figure
        name="Server"
        value={server.version}
        note={`up ${duration(now.getTime() - Date.parse(server.startedAt))}, Node ${server.node}`}
        family="ok"
      />
      <Figure
        name="Gateway"
        value={isUp === undefined ? '–' : isUp > 0.5 ? 'Up' : 'Down'}
        note={`${plural(up, 'instance')} up in ${workspace.key}`}
        {...(isUp === undefined ? {} : { family: isUp > 0.5 ? ('ok' as const) : ('bad' as const) })}
      />
      <Figure
        name="Store"
        value={store.bytes === null ? '–' : bytes(store.bytes)}
        note={store.kind === 'sqlite' ? 'SQLite, embedded' : 'PostgreSQL'}
      />
      <Figure
        name="Disk"
        value={percent(used, 0)}
        note={free === undefined ? 'of the home in use' : `${bytes(free)} left`}
        {...(used === undefined || used < tight
          ? {}
          : { family: used < full ? ('attention' as const) : ('bad' as const) })}
      />
      <Figure
        name="Jobs that wait"
        value={exact(queued)}
        note={`${exact(Math.round(active.get('running') ?? 0))} running${queued > 0 ? `; the first waits ${duration((latest(wait.data).get('') ?? 0) * 1000)}` : ''}`}
      />
      <Figure
        name="Work due"
        value={exact(work.due)}
        note={work.failing.length === 0 ? 'nothing fails' : `${plural(work.failing.length, 'piece')} fail`}
        {...(work.failing.length === 0 ? {} : { family: 'bad' as const })}
      />
    </Figures>
  )
}
