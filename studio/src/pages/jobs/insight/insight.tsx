import { useQuery } from '@tanstack/react-query'
import { hasEnded, type Job } from '../../../api/jobs.ts'
import { peersQuery } from '../../../api/job-peers.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Columns } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Time, useNow } from '../../../parts/time.tsx'
import { plural } from '../../../words/names.ts'
import { between, duration } from '../../../words/time.ts'
import { Differing } from './differing.tsx'
import { differencesOf, medianOf } from './differences.ts'
import style from './insight.module.css'

/** Fewer than these say nothing about what is usual. */
const fewPeers = 3

/** How a job is against its like: how long it took, and what it was asked to do otherwise than the last that succeeded. */
export function Insight({ job }: { readonly job: Job }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const { data: peers = [] } = useQuery(peersQuery(workspace.id, job))
  const [last] = peers
  if (last === undefined) return null
  const differing = differencesOf([last, job]).filter(({ isSame }) => !isSame)
  return (
    <Columns>
      <Durations job={job} peers={peers} />
      <Panel
        title="Since the last that succeeded"
        subtitle={
          differing.length === 0 ? 'nothing was asked otherwise' : plural(differing.length, 'difference')
        }
        actions={
          <Go to={to.compareJobs} search={{ sel: `${last.name},${job.name}` }}>
            Compare
          </Go>
        }
      >
        <p className="muted" style={{ marginBottom: 8 }}>
          <Go to={to.job(last.name)}>{last.properties.displayName ?? last.name}</Go>,{' '}
          <Time at={last.systemData.createdAt} />
        </p>
        <Differing names={['then', 'now']} rows={differing} />
      </Panel>
    </Columns>
  )
}

function Durations({ job, peers }: { readonly job: Job; readonly peers: readonly Job[] }) {
  const { startTime, endTime, status } = job.properties
  const now = useNow(5000)
  const took = ({ properties }: Job) => between(properties.startTime, properties.endTime, new Date(0))
  const usual = peers.map(took).filter((ms) => ms !== undefined)
  const median = medianOf(usual)
  const own = hasEnded(status) ? between(startTime, endTime, new Date(0)) : between(startTime, undefined, now)
  if (median === undefined || own === undefined)
    return (
      <Panel title="How long it took">
        <p className="muted">It has not started.</p>
      </Panel>
    )
  const longest = Math.max(own, ...usual)
  const at = (ms: number) => `${4 + (ms / Math.max(1, longest)) * 92}%`
  const among = usual.filter((ms) => ms > own).length
  const verdict =
    usual.length < fewPeers
      ? `only ${plural(usual.length, 'other')} to hold it against`
      : own > Math.max(...usual)
        ? `longer than all of the last ${usual.length} that succeeded`
        : own < Math.min(...usual)
          ? `shorter than all of the last ${usual.length} that succeeded`
          : `${among} of the last ${usual.length} that succeeded took longer`
  return (
    <Panel
      title={`How long it ${hasEnded(status) ? 'took' : 'has taken'}`}
      subtitle="seconds to hours from 0"
    >
      <p>
        <strong className="tabular">{duration(own)}</strong>; usually {duration(median)}: {verdict}.
      </p>
      <svg
        className={style.strip}
        role="img"
        aria-label={`${duration(own)}, median ${duration(median)} of ${usual.length}`}
      >
        <line x1="4%" x2="96%" y1="50%" y2="50%" className={style.axis} />
        <line x1={at(median)} x2={at(median)} y1="15%" y2="85%" className={style.median} />
        {usual.map((ms, i) => (
          <circle key={peers[i]?.name} cx={at(ms)} cy="50%" r="4" className={style.peer} />
        ))}
        <circle cx={at(own)} cy="50%" r="6" className={style.own} />
      </svg>
      <p className="muted" style={{ fontSize: 12 }}>
        Large: this one. Small: the {usual.length} before it that succeeded. Bar: their median. The line
        begins at 0 and ends at {duration(longest)}.
      </p>
    </Panel>
  )
}
